// A whole round with a client that a generator made: node whole_round.ts ADDRESS FILE
// What was seen goes out as JSON.
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./api.d.ts";

type Api = Client<paths>;
type Transition = components["schemas"]["TransitionIn"];

const PASSWORD = "podyom-demo";
const YEAR = 2018;
const PATIENCE = 60_000; // milliseconds; reached only where something is broken
const STEPS: Transition[] = [
  { action: "propose" },
  { action: "sign", side: "mentor" },
  { action: "sign", side: "mentee" },
  { action: "activate" },
];

/** Return what was answered, unless it is a problem. */
async function done<T>(
  request: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await request;
  if (data === undefined) {
    throw new Error(`${response.status} ${response.url}: ${JSON.stringify(error)}`);
  }
  return data;
}

/** Ask again until the answer is enough. */
async function until<T>(
  read: () => Promise<T>,
  isEnough: (answer: T) => boolean,
): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const answer = await read();
    if (isEnough(answer)) return answer;
    if (Date.now() > end) throw new Error(`still: ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}

function asForm(fields: Record<string, unknown>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      form.append(name, each);
    }
  }
  return form;
}

async function signIn(baseUrl: string, username: string): Promise<Api> {
  const { access_token } = await done(
    createClient<paths>({ baseUrl }).POST("/v1/tokens", {
      body: { username, password: PASSWORD },
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
    }),
  );
  const headers = { Authorization: `Bearer ${access_token}` };
  return createClient<paths>({ baseUrl, headers });
}

/** Upload, look, commit. */
async function importFile(api: Api, path: string) {
  const file = new File([await openAsBlob(path)], basename(path));
  const begun = await done(
    api.POST("/v1/imports", {
      body: { file, file_format: "mark_statistics" },
      bodySerializer: asForm,
    }),
  );
  const params = { path: { import_id: begun.id } };
  const seen = await until(
    () => done(api.GET("/v1/imports/{import_id}", { params })),
    (answer) => answer.status === "previewed",
  );
  const committed = await done(
    api.POST("/v1/imports/{import_id}/commit", {
      params,
      body: { mode: "all_or_nothing" },
    }),
  );
  return { previewed: seen.counts.new, committed: committed.new };
}

/** Wait until the year is ranked. */
async function readRanking(api: Api) {
  const params = { query: { academic_year: YEAR } };
  const { data: ranking } = await until(
    async () => api.GET("/v1/rankings", { params }),
    ({ data, error }) =>
      data ? !data.is_stale : error.code !== "not_computed_yet",
  );
  if (!ranking) throw new Error("The ranking was refused");
  const places = ranking.places.map((each) => [each.place_from, each.school_name]);
  return { places, outside: ranking.outside.length };
}

/** Draft an agreement and lead it until it is in force; return its states. */
async function agree(api: Api): Promise<string[]> {
  const [programme] = (await done(api.GET("/v1/programmes"))).items;
  const [mentor, mentee] = (await done(api.GET("/v1/schools"))).items;
  if (!programme || !mentor || !mentee) throw new Error("The demonstration is missing");
  let agreement = await done(
    api.POST("/v1/mentoring-agreements", {
      body: {
        programme_id: programme.id,
        mentor_school_id: mentor.id,
        mentee_school_id: mentee.id,
        problem: "Математика, 5 класс",
        starts_on: "2020-09-16",
        ends_on: "2021-05-31",
        goals: ["Двоек не более 15 %"],
        plan: [{ title: "Взаимные уроки", due_on: "2020-11-20" }],
      },
    }),
  );
  const states: string[] = [agreement.status];
  for (const body of STEPS) {
    agreement = await done(
      api.POST("/v1/mentoring-agreements/{agreement_id}/transitions", {
        params: {
          path: { agreement_id: agreement.id },
          header: { "If-Match": `"${agreement.version}"` },
        },
        body,
      }),
    );
    states.push(agreement.status);
  }
  return states;
}

/** Report on a school's next deadline, which its district accepts. */
async function handIn(school: Api, district: Api): Promise<string[]> {
  const query = { due_from: "2020-09-16", limit: 1 };
  const [next] = (await done(school.GET("/v1/deadlines", { params: { query } }))).items;
  if (!next) throw new Error("The demonstration is missing");
  const params = { path: { deadline_id: next.id } };
  const read = async () =>
    (await done(school.GET("/v1/deadlines/{deadline_id}", { params }))).state;
  const states: string[] = [await read()];
  await done(
    school.POST("/v1/deadlines/{deadline_id}/submissions", {
      params,
      body: { text: "Сделано", file: [new File(["Отчёт"], "otchet.txt")] },
      bodySerializer: asForm,
    }),
  );
  states.push(await read());
  await done(district.POST("/v1/deadlines/{deadline_id}/accept", { params, body: {} }));
  states.push(await read());
  return states;
}

const [address, file] = process.argv.slice(2);
if (!address || !file) throw new Error("Usage: node whole_round.ts ADDRESS FILE");
const district = await signIn(address, "uzhur");
const school = await signIn(address, "uzhur.ilinskaya");
const seen = {
  import: await importFile(district, file),
  ranking: await readRanking(district),
  agreement: await agree(district),
  deadline: await handIn(school, district),
};
process.stdout.write(JSON.stringify(seen));

// The OpenID provider as its makers give it away; its settings are the first line of
// stdin, and it ends with stdin.
import { once } from "node:events";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const lines = createInterface({ input: process.stdin });
const [line] = await once(lines, "line");
const { port, keys, client, secret, redirect, algorithm } = JSON.parse(line);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: client,
      client_secret: secret,
      redirect_uris: [redirect],
      id_token_signed_response_alg: algorithm,
    },
  ],
  cookies: { keys: [secret] },
  enabledJWA: { idTokenSigningAlgValues: [algorithm, "RS256"] },
  jwks: { keys },
});
const server = provider.listen(port, "127.0.0.1", () => console.log("ready"));
lines.on("close", () => process.exit(0));

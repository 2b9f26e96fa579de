-- Roles of the services, for installations where the owner of the database may not
-- create roles. An administrator of the server runs this once, then `make migrate`
-- finds them: psql -v owner=podyom -f deploy/postgres/roles.sql
-- Each service writes the schema of its own name and reads the others'; the grants are
-- in the migrations.
CREATE ROLE api NOLOGIN;
CREATE ROLE scoring NOLOGIN;
CREATE ROLE notifier NOLOGIN;
GRANT api, scoring, notifier TO :"owner";

import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import * as z from "zod";
import { InputError, parseInput, strictly } from "../../io/errors";
import { kindOf, looked, repositoryOf, workingDirectory } from "../../io/files";
import { byText } from "../../io/lists";
import { readTextFile } from "../../io/text";
import { writeText } from "../../io/write";
import { parseYaml, yamlText } from "../../io/yaml";
import { SEVERITIES } from "../checks/order";
import type { KnownInput } from "./known";

/** What is known, by the names of inputs (`inputName`). */
export type Known = ReadonlyMap<string, KnownInput>;

const MEGABYTE = 1024 * 1024;
const LIMIT = 16 * MEGABYTE;

const HEAD = `# What is known to be wrong, and does not fail: \`verify --known\` fails for what is not in here.
# Written by \`verify --known FILE --update-known\`, which adds what is new and removes what is no longer found.
`;

const words = z.string({ error: "must be a string" }).min(1, "must not be empty");
const about = z.array(words, { error: "must be a list of strings" }).default([]);

const schema = z.strictObject(
  {
    format: z.literal(1, { error: "must be 1" }),
    inputs: z
      .record(
        z.string(),
        z.strictObject(
          {
            flows: z
              .array(
                z.strictObject(
                  {
                    flow: words,
                    status: z.enum(["broken", "holds-if"], { error: "must be broken or holds-if" }),
                    about,
                  },
                  strictly("flow, status, about", "a map"),
                ),
                { error: "must be a list" },
              )
              .default([]),
            findings: z
              .array(
                z.strictObject(
                  {
                    check: words,
                    address: words,
                    severity: z.enum(SEVERITIES, { error: `must be ${SEVERITIES.join(", ")}` }),
                    about,
                  },
                  strictly("check, address, severity, about", "a map"),
                ),
                { error: "must be a list" },
              )
              .default([]),
          },
          strictly("flows, findings", "a map"),
        ),
        { error: "must be a map of inputs by their paths" },
      )
      .default({}),
  },
  strictly("format, inputs", "a map"),
);

/**
 * Reads the file of what is known.
 *
 * @throws InputError where it is not there, or naming every problem of it
 */
export function readKnown(file: string): Known {
  if (kindOf(file) === undefined) {
    throw new InputError([
      `${file}: there is no such file. To begin with what is found today: the same command with --update-known, which writes it.`,
    ]);
  }
  const { inputs } = parseInput(file, schema, parseYaml(readTextFile(file, LIMIT), file));
  return new Map(
    Object.entries(inputs).map(([name, { flows, findings }]) => [
      name,
      {
        flows: flows.map(({ flow, ...rest }) => ({ of: flow, place: "", ...rest })),
        findings: findings.map(({ check, address, ...rest }) => ({ of: check, place: address, ...rest })),
      },
    ]),
  );
}

/**
 * Writes the file of what is known: the same bytes for the same content.
 *
 * @throws InputError where the system does not let it
 */
export function writeKnown(file: string, known: Known): void {
  const ofAbout = (about: readonly string[]) => (about.length === 0 ? {} : { about });
  const inputs = [...known]
    .filter(([, { flows, findings }]) => flows.length + findings.length > 0)
    .sort(([a], [b]) => byText(a, b))
    .map(([name, { flows, findings }]) => [
      name,
      {
        ...(flows.length > 0 && {
          flows: flows.map(({ of, status, about }) => ({ flow: of, status, ...ofAbout(about) })),
        }),
        ...(findings.length > 0 && {
          findings: findings.map(({ of, place, severity, about }) => ({
            check: of,
            address: place,
            severity,
            ...ofAbout(about),
          })),
        }),
      },
    ]);
  const text = HEAD + yamlText({ format: 1, inputs: Object.fromEntries(inputs) });
  looked(file, () => writeText(file, text));
}

/**
 * How the file calls an input: by its path from the file's own folder, so that it is the same for everybody who has the
 * repository; outside of that by its name alone.
 *
 * @param path of a folder, a plan or a state, or `-`
 */
export function inputName(path: string, file: string): string {
  if (path === "-") return path;
  const here = workingDirectory();
  const [folder, target] = [dirname(resolve(here, file)), resolve(here, path)];
  const border = repositoryOf(folder) ?? folder;
  if (isOutside(relative(border, target))) return basename(target);
  return relative(folder, target).split(sep).join("/") || ".";
}

function isOutside(path: string): boolean {
  return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path);
}

import { expect } from "vitest";
import { Unknown, type Value } from "../../../../expression/value";
import { InputError } from "../../../../io/errors";
import { readInput } from "../../../../verify/read";
import type { Input, Resource } from "../../../../verify/read/model";
import { temporaryFolder, writeFiles } from "../../../support/folders";

/** Writes files into an empty folder: text as it is, anything else as JSON. */
export function folderWith(files: Record<string, unknown>): string {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  return folder;
}

export async function read(files: Record<string, unknown>): Promise<Input> {
  return readInput(folderWith(files));
}

export function resource(input: Input, address: string): Resource {
  const found = input.resources.find((one) => one.address === address);
  if (!found) throw new Error(`no ${address} among ${addresses(input).join(", ")}`);
  return found;
}

export function addresses(input: Input): string[] {
  return input.resources.map(({ address }) => address);
}

/** A value as a test writes it: what is unknown is `<expression>`. */
export function shown(value: Value | undefined): unknown {
  if (value instanceof Unknown) return `<${value.expression}>`;
  if (Array.isArray(value)) return value.map((item: Value) => shown(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item as Value)]));
}

/** What reading says when it refuses: always an InputError. */
export async function refusal(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

/** A rule of its own, `GROUP_PEER`, for PostgreSQL between two groups that the configuration declares. */
export function postgresRule(direction: "ingress" | "egress", group: string, peer: string): string {
  return `resource "aws_vpc_security_group_${direction}_rule" "${group}_${peer}" {
  security_group_id            = aws_security_group.${group}.id
  referenced_security_group_id = aws_security_group.${peer}.id
  ip_protocol = "tcp"
  from_port   = 5432
  to_port     = 5432
}`;
}

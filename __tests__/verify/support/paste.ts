import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Report } from "../../../verify/checks/model";
import type { Place } from "../../../verify/report/cure-place";
import { cureWriter } from "../../../verify/report/cure-terraform";

/** Adds all rules that a report proposes, each where it says, and all that they need. */
export function pasteCures(folder: string, report: Report): void {
  const write = cureWriter(report);
  const pasted = new Set<string>();
  const paste = (place: Place, terraform: string) => {
    const target = resolve(place.module === "" ? folder : (place.folder ?? "there is no folder"));
    const key = [target, place.block, terraform].join("\n");
    if (pasted.has(key)) return;
    pasted.add(key);
    if (place.block === undefined) appendFileSync(join(target, "added.tf"), `${terraform}\n`);
    else insertInto(target, place.block, terraform);
  };
  for (const { cures } of report.verdicts) {
    for (const { needs, place, terraform } of write(cures)) {
      for (const need of needs) paste(need, need.terraform);
      paste(place, terraform);
    }
  }
}

/** Puts text behind the first line of a block: `module.web`, `aws_security_group.db[0]`. */
function insertInto(folder: string, block: string, terraform: string): void {
  const [, type, name] = /^([\w-]+)\.([\w-]+)/.exec(block) ?? [];
  const header = type === "module" ? `module "${name}" {` : `resource "${type}" "${name}" {`;
  const file = readdirSync(folder)
    .map((one) => join(folder, one))
    .find((one) => one.endsWith(".tf") && readFileSync(one, "utf8").includes(header));
  if (file === undefined) throw new Error(`${folder} has no ${header}`);
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(header, () => `${header}\n${terraform}`),
  );
}

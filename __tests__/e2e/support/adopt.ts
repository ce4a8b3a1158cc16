import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect } from "vitest";
import { awsStage } from "./stage";
import { type CommandResult, command, Terraform, tryCommand, workFolder } from "./terraform";

const program = () => [join(awsStage().copy, "bin/eks-pod-security-groups.cjs"), "adopt"];

/** Runs `adopt` in a folder; throws with what it said where it does not exit with 0. */
export function adopt(folder: string, ...words: string[]): string {
  return command(folder, "node", [...program(), ...words]);
}

/** The same, whatever it exits with. */
export function tryAdopt(folder: string, ...words: string[]): CommandResult {
  return tryCommand(folder, "node", [...program(), ...words]);
}

/** How a plan is summed up that changes nothing, whatever it imports, moves and forgets. */
export const NOTHING = "0 to add, 0 to change, 0 to destroy.";

/** Whether an address is that of a group or of a rule. */
export const isOfGroups = (address: string) => /aws_(vpc_)?security_group/.test(address);

/** Applies a root for the first time. */
export function create(terraform: Terraform): void {
  terraform.init().apply();
  // The emulator drops descriptions of rules whose source is a group until a second apply.
  terraform.apply();
}

/** Plans into `plan`, and prints it as JSON into a file. @returns what was said of the plan */
export function planned(terraform: Terraform, file = "plan.json"): string {
  const said = terraform.run("plan", "-no-color", "-out", "plan");
  writeFileSync(resolve(terraform.folder, file), terraform.run("show", "-json", "plan"));
  return withoutForgotten(said);
}

/** What Terraform says. OpenTofu counts what it forgets, too: `0 to destroy, 5 to forget.` */
export function withoutForgotten(said: string): string {
  return said.replace(/, \d+ (to forget|forgotten)(?=\.)/g, "");
}

export function expectNoChanges(terraform: Terraform): void {
  const { status, output } = terraform.plan();
  expect(output).toContain("No changes. Your infrastructure matches the configuration.");
  expect(status).toBe(0);
}

/** Plans, checks the plan and applies it; a second plan is empty. @returns what was said of the plan and of the check */
export function takeOver(terraform: Terraform): string {
  const said = planned(terraform.init());
  const check = adopt(terraform.folder, "--check-plan", "plan.json");
  terraform.run("apply", "-no-color", "plan");
  expectNoChanges(terraform);
  return `${said}\n${check}`;
}

/** Texts of files by their paths. */
export type Files = Readonly<Record<string, string>>;

/** A root with groups that run, and what its team does to adopt them inside their state. */
export class RunningRoot {
  readonly folder = workFolder();
  readonly terraform = new Terraform(this.folder);

  /**
   * @param kept what stays
   * @param given what is deleted once it is adopted
   */
  constructor(
    kept: Files,
    private readonly given: Files,
  ) {
    this.put(kept);
    this.restore();
    create(this.terraform);
    expectNoChanges(this.terraform);
  }

  restore(): void {
    this.put(this.given);
  }

  deleteAdopted(): void {
    for (const path of Object.keys(this.given)) rmSync(join(this.folder, path));
  }

  /** Puts the undo in the place of the adoption, and takes it away once it is applied. @returns as `takeOver` */
  takeBack(): string {
    rmSync(join(this.folder, "adopted.tf.json"));
    this.restore();
    cpSync(join(this.folder, "undo/undo.tf.json"), join(this.folder, "undo.tf.json"));
    const said = takeOver(this.terraform);
    rmSync(join(this.folder, "undo.tf.json"));
    expectNoChanges(this.terraform);
    return said;
  }

  private put(files: Files): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
  }
}

const ARTICLE = join(__dirname, "../fixtures/article");
const [place = "", cluster = ""] = readFileSync(join(ARTICLE, "prerequisites.tf"), "utf8")
  .replace(/resource "aws_iam_role"[\s\S]*$/, "")
  .split(/(?=resource "aws_security_group")([\s\S]*)/);

/** The article's HCL. */
export const article = {
  /** Around its groups: the VPC. */
  place,
  /** The groups of nodes and of ingress, with blocks of rules. */
  cluster,
  /** The module of a workload. */
  module: readFileSync(join(ARTICLE, "modules/rds-mysql/main.tf"), "utf8"),
  variables: readFileSync(join(ARTICLE, "modules/rds-mysql/variables.tf"), "utf8"),
} as const;

/** The article's module for a root, which has the groups of nodes and of ingress. */
export const moduleInRoot = article.module.replace(
  /var\.security_groups\["k8s_(\w+)"\]/g,
  "aws_security_group.$1.id",
);

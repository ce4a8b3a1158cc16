import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { create, planned, tryAdopt } from "../adopt";
import { attachedEnvironment, type CommandResult, TERRAFORM, Terraform } from "../terraform";
import { type Estate, generatedEstate, type Role, withoutAdopted, writeEstate } from ".";

/** A managed object in a state. */
export interface Managed {
  readonly address: string;
  readonly type: string;
  readonly id: string;
}

const GROUP_OR_RULE =
  /^aws_((default_)?security_group|security_group_rule|vpc_security_group_(in|e)gress_rule)$/;
/** An address without the keys of its instances. */
export const bare = (address: string) => address.replace(/\[("([^"\\]|\\.)*"|\d+)\]/g, "");

/** What a plan says of changes, without what it reads and moves. */
export const changesIn = (said: string) =>
  said
    .split(/\n(?= {2}# )/)
    .filter((part, index) => index > 0 && !/has moved to|will be imported/.test(part.split("\n")[0] ?? ""))
    .join("\n");

/** Whether objects move inside their state, or another root imports them. */
export type Way = "moved" | "imported";

/** A root with generated estates, which runs, and what its team does to adopt it. */
export class EstateRoot {
  readonly terraform: Terraform;
  /** The root that imports; the same one, where objects move. */
  readonly next: Terraform;

  private constructor(
    readonly folder: string,
    readonly way: Way,
    private readonly estates: Readonly<Record<string, Estate>>,
  ) {
    this.terraform = new Terraform(folder);
    this.next = way === "moved" ? this.terraform : new Terraform(join(folder, "adopted"));
  }

  /** Writes and applies the estates of some seeds. */
  static async running(folder: string, seeds: readonly number[], way: Way): Promise<EstateRoot> {
    const estates: Record<string, Estate> = {};
    for (const seed of seeds) estates[`estate${seed}`] = await generatedEstate(seed, `estate${seed}`);
    const root = new EstateRoot(folder, way, estates);
    const tags = seeds.some((seed) => seed % 3 === 0)
      ? { default_tags: { tags: { Owner: "platform" } } }
      : {};
    root.put("root.tf.json", {
      terraform: {
        required_version: ">= 1.7",
        required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.0, < 7.0" } },
      },
      provider: { aws: tags },
      data: { aws_region: { current: {} } },
    });
    root.restore();
    create(root.terraform);
    return root;
  }

  /** What groups, and rules that nobody adopts, are to their teams, by their ids. */
  roles(): ReadonlyMap<string, Role> {
    const roles = Object.assign({}, ...Object.values(this.estates).map((estate) => estate.roles));
    return new Map(
      this.managed(this.terraform).flatMap(({ address, id }) => {
        const role = roles[bare(address)] as Role | undefined;
        return role === undefined ? [] : [[id, role]];
      }),
    );
  }

  /** The groups and rules of a root's state, as Terraform shows it. */
  managed(of: Terraform): Managed[] {
    const { values } = JSON.parse(of.run("show", "-json")) as { values?: { root_module: Shown } };
    const within = ({ resources = [], child_modules = [] }: Shown): Managed[] => [
      ...resources
        .filter(({ mode, type }) => mode === "managed" && GROUP_OR_RULE.test(type))
        .map(({ address, type, values: { id } }) => ({ address, type, id })),
      ...child_modules.flatMap(within),
    ];
    return values === undefined ? [] : within(values.root_module);
  }

  adopt(...words: string[]): CommandResult {
    return tryAdopt(this.folder, ...words);
  }

  /** Deletes the blocks of what is adopted, and replaces what names it. */
  deleteAdopted(): void {
    const { calls } = this.read("adoption.json") as {
      calls: { takes: { from: string }[] }[];
    };
    const taken = calls.flatMap(({ takes }) => takes.map(({ from }) => from));
    const replacements = this.way === "moved" ? this.references() : this.ids();
    for (const [name, estate] of Object.entries(this.estates)) {
      const left = withoutAdopted(estate, new Set(taken.map(bare)), (old) => {
        const expression = replacements.get(old);
        if (expression === undefined) throw new Error(`nothing is said to take the place of ${old}`);
        return expression;
      });
      writeEstate(this.folder, name, left);
    }
    if (this.way === "imported") this.copy("adopted/old-root/released.tf.json", "released.tf.json");
  }

  /** Puts the configuration back as it was. */
  restore(): void {
    for (const [name, estate] of Object.entries(this.estates)) writeEstate(this.folder, name, estate);
  }

  /** Takes the adoption away and puts the undo in its place. */
  undo(): void {
    this.restore();
    if (this.way === "moved") {
      rmSync(join(this.folder, "adopted.tf.json"));
      this.copy("undo/undo.tf.json", "undo.tf.json");
    } else {
      rmSync(join(this.folder, "released.tf.json"));
      rmSync(join(this.folder, "adopted/adopted.tf.json"));
      this.copy("adopted/undo/old-root.tf.json", "undo.tf.json");
      this.copy("adopted/undo/new-root.tf.json", "adopted/released.tf.json");
    }
  }

  endUndo(): void {
    rmSync(join(this.folder, "undo.tf.json"));
  }

  /** Plans, and writes the plan as JSON beside the root. @returns the line that sums it up, and the changes in words */
  planned(of: Terraform): { readonly summary: string; readonly changes: string } {
    const said = planned(of, this.planOf(of));
    const summary = /^(Plan: .*|No changes\..*)$/m.exec(said)?.[0] ?? "";
    return { summary, changes: changesIn(said) };
  }

  /**
   * Applies the plan of a root, and kills it as soon as the state has changed. A process that is stopped writes nothing, so that
   * the state is whole when it ends.
   *
   * @returns how many objects of the plan's groups and rules the state has then; undefined if the apply was faster
   */
  async kill(of: Terraform): Promise<number | undefined> {
    const state = join(of.folder, "terraform.tfstate");
    const stateNow = () => (existsSync(state) ? readFileSync(state, "utf8") : "");
    const before = stateNow();
    const child = spawn(TERRAFORM, ["apply", "-no-color", "-parallelism=1", "plan"], {
      cwd: of.folder,
      env: attachedEnvironment(),
      stdio: "ignore",
    });
    let hasEnded = false;
    const end = new Promise<void>((resolve) => {
      child.once("exit", () => {
        hasEnded = true;
        resolve();
      });
    });
    let left: number | undefined;
    while (!hasEnded && left === undefined) {
      await sleep(2);
      if (stateNow() === before) continue;
      child.kill("SIGSTOP");
      await sleep(20);
      const resources = resourcesIn(stateNow());
      if (resources === undefined || hasEnded) child.kill("SIGCONT");
      else {
        left = resources;
        child.kill("SIGKILL");
      }
    }
    await end;
    return left;
  }

  planOf(of: Terraform): string {
    return join(this.folder, of === this.terraform ? "plan.json" : "next-plan.json");
  }

  /** The folder with what was written. */
  get into(): string {
    return this.way === "moved" ? "." : "adopted";
  }

  /** A file of what was written. */
  read(name: string): unknown {
    return JSON.parse(readFileSync(join(this.folder, this.into, name), "utf8"));
  }

  /** What the page says of expressions that take the place of others. */
  private references(): Map<string, string> {
    const page = readFileSync(join(this.folder, "adoption.md"), "utf8");
    const table = page.slice(page.indexOf("## References"));
    return new Map(
      [...table.matchAll(/^\| `([^`]+)` \| `([^`]+)` \|$/gm)].map(([, old = "", now = ""]) => [old, now]),
    );
  }

  private ids(): Map<string, string> {
    return new Map(
      this.managed(this.terraform).map(({ address, id }) => [`${address}.id`, JSON.stringify(id)]),
    );
  }

  private copy(from: string, to: string): void {
    if (existsSync(join(this.folder, from))) cpSync(join(this.folder, from), join(this.folder, to));
  }

  private put(path: string, content: object): void {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, path), JSON.stringify(content));
  }
}

/** How many instances a state has as Terraform keeps it; undefined for one that is half written. */
function resourcesIn(state: string): number | undefined {
  try {
    const { resources } = JSON.parse(state) as { resources: { instances: unknown[] }[] };
    return resources.flatMap(({ instances }) => instances).length;
  } catch {
    return undefined;
  }
}

interface Shown {
  readonly resources?: readonly {
    readonly mode: string;
    readonly address: string;
    readonly type: string;
    readonly values: { readonly id: string };
  }[];
  readonly child_modules?: readonly Shown[];
}

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planned, tryAdopt } from "../adopt";
import { killedApply, stateOf } from "../kill";
import { listed } from "../listed";
import { rulesInForce } from "../rules-in-force";
import { attachedEnvironment, awsEnvironment, type CommandResult, Terraform } from "../terraform";
import { type Drift, type Estate, generatedEstate, type Role, withoutAdopted, writeEstate } from ".";
import { driftLive } from "./by-hand";
import { inOtherRegion, OTHER_REGION, providersWith } from "./regions";

/** A managed object in a state. */
export interface Managed {
  readonly address: string;
  readonly type: string;
  readonly id: string;
  /** Of rules of their own resource, as the configuration has it. */
  readonly protocol: string | undefined;
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

/** What an apply that was killed has left. */
export interface Killed {
  /** What its plan imports and forgets. */
  readonly imported: number;
  readonly forgotten: number;
  /** How many objects were still to be forgotten; undefined where the apply was faster. */
  readonly missing: number | undefined;
}

/** A group that drifted, with its id. */
export interface Drifted extends Drift {
  readonly id: string;
}

/** A root with generated estates, which runs, and what its team does to adopt it. */
export class EstateRoot {
  readonly terraform: Terraform;
  /** The folder with what is written. */
  private into: string;

  private constructor(
    readonly folder: string,
    readonly way: Way,
    private readonly estates: Readonly<Record<string, Estate>>,
    private readonly hasTwoRegions: boolean,
  ) {
    this.terraform = this.terraformIn(folder);
    this.into = way === "moved" ? "." : "adopted";
  }

  /** The root that imports; the same one, where objects move. */
  get next(): Terraform {
    return this.way === "moved" ? this.terraform : this.terraformIn(join(this.folder, this.into));
  }

  /** Those that an adoption plans, the one that takes objects over first. */
  get roots(): readonly Terraform[] {
    return this.way === "moved" ? [this.terraform] : [this.next, this.terraform];
  }

  /**
   * Writes and applies the estates of some seeds.
   *
   * @param regions in how many regions they are: of two, the last one is in the other
   */
  static async running(
    folder: string,
    {
      seeds,
      way,
      regions,
    }: { readonly seeds: readonly number[]; readonly way: Way; readonly regions: 1 | 2 },
  ): Promise<EstateRoot> {
    const estates: Record<string, Estate> = {};
    for (const seed of seeds) {
      const estate = await generatedEstate(seed, `estate${seed}`);
      const isInOther = regions === 2 && seed === seeds.at(-1);
      estates[`estate${seed}`] = isInOther ? inOtherRegion(estate) : estate;
    }
    const root = new EstateRoot(folder, way, estates, regions === 2);
    // Rules that become per-rule would get them, which is a change.
    const converts = Object.values(estates).some(({ rules }) => Object.keys(rules).length > 0);
    const tags = converts ? {} : { default_tags: { tags: { Owner: "platform" } } };
    root.put("root.tf.json", {
      terraform: {
        required_version: ">= 1.7",
        required_providers: { aws: { source: "hashicorp/aws", version: ">= 5.0, < 7.0" } },
      },
      provider: { aws: regions === 2 ? providersWith(tags) : tags },
      data: { aws_region: { current: {} } },
    });
    for (const [name, estate] of Object.entries(estates)) root.write(name, { ...estate, root: estate.first });
    root.terraform.init().apply();
    // The emulator drops descriptions of rules whose source is a group until a second apply. It brings what is stated twice as well.
    for (const [name, { imports, ...estate }] of Object.entries(estates))
      root.write(name, { ...estate, root: [...estate.root, ...imports] });
    root.terraform.apply();
    root.restore();
    return root;
  }

  /** The rules that AWS has where the estates are. */
  async rules(): Promise<string[]> {
    return [...(await rulesInForce()), ...(this.hasTwoRegions ? await rulesInForce(OTHER_REGION) : [])];
  }

  /** What groups, and rules that nobody adopts, are to their teams, by their ids. @param objects those of the root's state */
  roles(objects: readonly Managed[]): ReadonlyMap<string, Role> {
    const roles = Object.assign({}, ...Object.values(this.estates).map((estate) => estate.roles));
    return new Map(
      objects.flatMap(({ address, id }) => {
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
        .map(({ address, type, values: { id, ip_protocol } }) => ({
          address,
          type,
          id,
          protocol: ip_protocol,
        })),
      ...child_modules.flatMap(within),
    ];
    return values === undefined ? [] : within(values.root_module);
  }

  /** What must be said of groups that no module made for them holds, and of what is left, by their addresses without keys. */
  reasons(): Readonly<Record<string, RegExp>> {
    return Object.assign({}, ...Object.values(this.estates).map((estate) => estate.reasons));
  }

  /** Writes what takes the estates over, in the forms that they ask for. */
  adopt(...words: string[]): CommandResult {
    const rules = Object.values(this.estates).flatMap((estate) => Object.entries(estate.rules));
    const forms = rules.flatMap(([group, form]) => ["--rules", `${group}=${form}`]);
    return tryAdopt(this.folder, ...words, "--into", this.into, ...forms);
  }

  /** Checks the plans of roots. */
  check(roots = this.roots): CommandResult {
    return tryAdopt(this.folder, "--check-plan", ...roots.map((one) => this.planOf(one)));
  }

  /** Makes groups drift. @returns these, each with its id */
  async drift(): Promise<readonly Drifted[]> {
    const managed = this.managed(this.terraform);
    const ids = new Map(managed.map(({ address, id }) => [address, id]));
    const all = Object.values(this.estates).flatMap(({ drift }): Drifted[] =>
      drift === undefined ? [] : [{ ...drift, id: ids.get(drift.group) ?? "" }],
    );
    // An undo sets their protocols in place, after which the emulator gives back "17"; AWS answers "udp".
    const numbered = managed.filter(({ protocol = "" }) => /^\d/.test(protocol));
    if (this.way === "imported" && all.length > 0 && numbered.length > 0)
      this.terraform.apply(...numbered.map(({ address }) => `-replace=${address}`));
    for (const one of all) await driftLive(one, one.id);
    return all;
  }

  /**
   * What the AWS CLI lists of some groups, as files of these names beside the root. Of others the emulator loses descriptions of
   * rules whose source is no address, which would be drift.
   */
  list(groups: readonly Pick<Drifted, "id">[]): readonly string[] {
    const filter = { Filters: [{ Name: "group-id", Values: groups.map(({ id }) => id) }] };
    listed(this.folder, "groups.json", "describe_security_groups", filter);
    listed(this.folder, "rules.json", "describe_security_group_rules", filter);
    return ["groups.json", "rules.json"];
  }

  /** Destroys all of a root. What is stated twice is deleted once: the other finds nothing, and is gone with the next refresh. */
  destroy(of: Terraform): void {
    if (of.try("destroy", "-no-color", "-auto-approve").status !== 0) of.destroy();
  }

  /** Takes away what an adoption that is undone has written, so that there can be another one. */
  again(): void {
    for (const path of ["adoption.md", "adoption.json", "undo"])
      rmSync(join(this.folder, path), { recursive: true, force: true });
    if (this.way === "imported") this.into = "again";
  }

  /** Deletes the blocks of what is adopted, and replaces what names it. */
  deleteAdopted(): void {
    const { calls, left } = this.read("adoption.json") as {
      calls: { takes: { from: string }[] }[];
      left: { address: string; reason: string }[];
    };
    // Of rules that AWS has no more, the blocks go with the others.
    const gone = left
      .filter(({ reason }) => reason.includes("delete its block"))
      .map(({ address }) => address);
    const taken = [...calls.flatMap(({ takes }) => takes.map(({ from }) => from)), ...gone];
    const replacements = this.way === "moved" ? this.references() : this.ids();
    for (const [name, estate] of Object.entries(this.estates)) {
      const left = withoutAdopted(estate, new Set(taken.map(bare)), (old) => {
        const expression = replacements.get(old);
        if (expression === undefined) throw new Error(`nothing is said to take the place of ${old}`);
        return expression;
      });
      this.write(name, left);
    }
    if (this.way === "imported") this.copy(`${this.into}/old-root/released.tf.json`, "released.tf.json");
  }

  /** Puts the configuration back as it was. */
  restore(): void {
    for (const [name, estate] of Object.entries(this.estates)) this.write(name, estate);
  }

  /** Takes the adoption away and puts the undo in its place. */
  undo(): void {
    this.restore();
    if (this.way === "moved") {
      rmSync(join(this.folder, "adopted.tf.json"));
      this.copy("undo/undo.tf.json", "undo.tf.json");
    } else {
      rmSync(join(this.folder, "released.tf.json"));
      rmSync(join(this.folder, this.into, "adopted.tf.json"));
      this.copy(`${this.into}/undo/old-root.tf.json`, "undo.tf.json");
      this.copy(`${this.into}/undo/new-root.tf.json`, `${this.into}/released.tf.json`);
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

  /** Applies the plan of a root, and kills it on the way: see `killedApply`. */
  async kill(of: Terraform): Promise<Killed> {
    const { imported, forgotten } = this.plannedCounts(of);
    const whole = resourcesIn(stateOf(of)) + imported - forgotten;
    const left = await killedApply(of, this.env);
    return { imported, forgotten, missing: left === undefined ? undefined : resourcesIn(left) - whole };
  }

  private plannedCounts(of: Terraform): Pick<Killed, "imported" | "forgotten"> {
    const { resource_changes = [] } = JSON.parse(readFileSync(this.planOf(of), "utf8")) as {
      resource_changes?: readonly { readonly change: { actions: readonly string[]; importing?: object } }[];
    };
    return {
      imported: resource_changes.filter(({ change }) => change.importing !== undefined).length,
      forgotten: resource_changes.filter(({ change }) => change.actions.includes("forget")).length,
    };
  }

  planOf(of: Terraform): string {
    return join(this.folder, of.folder === this.folder ? "plan.json" : "next-plan.json");
  }

  /** A file of what was written. */
  read(name: string): unknown {
    return JSON.parse(readFileSync(join(this.folder, this.into, name), "utf8"));
  }

  page(): string {
    return readFileSync(join(this.folder, this.into, "adoption.md"), "utf8");
  }

  /** The provider that runs already has one configuration. */
  private get env(): NodeJS.ProcessEnv {
    return this.hasTwoRegions ? awsEnvironment() : attachedEnvironment();
  }

  private terraformIn(folder: string): Terraform {
    return new Terraform(folder, this.env);
  }

  /** What the page says of expressions that take the place of others. */
  private references(): Map<string, string> {
    const page = this.page();
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

  private write(name: string, estate: Pick<Estate, "syntax" | "root" | "modules">): void {
    writeEstate(this.folder, name, estate);
  }

  private copy(from: string, to: string): void {
    if (existsSync(join(this.folder, from))) cpSync(join(this.folder, from), join(this.folder, to));
  }

  private put(path: string, content: object): void {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, path), JSON.stringify(content));
  }
}

/** How many managed objects a state has as Terraform keeps it; undefined for one that is half written. */
function resourcesIn(state: string): number {
  if (state === "") return 0;
  const { resources } = JSON.parse(state) as { resources: { mode: string; instances: unknown[] }[] };
  return resources.flatMap(({ mode, instances }) => (mode === "managed" ? instances : [])).length;
}

interface Shown {
  readonly resources?: readonly {
    readonly mode: string;
    readonly address: string;
    readonly type: string;
    readonly values: { readonly id: string; readonly ip_protocol?: string };
  }[];
  readonly child_modules?: readonly Shown[];
}

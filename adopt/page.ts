import { moduleOf } from "../expression/address";
import { groupedBy } from "../io/lists";
import { plural } from "../io/plural";
import { takenBy } from "./blocks";
import type { Calls } from "./calls";
import { carriedCount, carriersWords } from "./carriers";
import type { Conversion } from "./convert/model";
import type { Drift } from "./drift";
import { FORM_WORDS } from "./forms";
import { GENERIC } from "./generic";
import { lostLifecycles } from "./lifecycle";
import { becomes } from "./map";
import type { Call, FoundGroup, Way } from "./model";

/** What `adoption.md` says, besides the calls. */
export interface PageContext {
  readonly way: Way;
  readonly conversions: readonly Conversion[];
  readonly notes: readonly string[];
  readonly drift: readonly Drift[];
  readonly unlisted: readonly string[];
}

/** The page beside what is written: the steps in their order, then what becomes of each object. */
export function adoptionPage(
  calls: Calls,
  { way, conversions, notes, drift, unlisted }: PageContext,
): string {
  const taken = takenBy(calls.calls);
  const isConverted = conversions.length > 0;
  const numbered = (steps: readonly string[]) =>
    steps.map((step, index) => `${index + 1}. ${step}`).join("\n");
  const sections = [
    "# Adoption",
    `${plural(calls.calls.length, "module call")} ${calls.calls.length === 1 ? "takes" : "take"} over ${plural(taken.filter(({ from }) => from.kind === "group").length, "group")} and ${plural(taken.filter(({ from }) => from.kind === "rule").length, "rule")}. ${nothingChanges(calls.calls)}`,
    ...driftSection(drift, unlisted),
    ...notes,
    "## Steps",
    numbered(STEPS[way](isConverted)),
    ...changesSection(calls.calls),
    ...lifecycleSection(calls.calls),
    "## Undo",
    numbered(UNDO[way](isConverted)),
    ...(isConverted ? conversionSection(conversions, way) : []),
    ...carriersSection(calls.calls),
    "## What becomes of each object",
    ...inOrder(calls.calls).map(callSection),
    ...(calls.left.length === 0
      ? []
      : [
          "## What stays as it is",
          table(
            ["Address", "Reason"],
            calls.left.map(({ address, reason }) => [code(address), reason]),
          ),
        ]),
    ...(way === "moved" ? [references(calls.calls)] : []),
  ];
  return `${sections.join("\n\n")}\n`;
}

function groupsOf({ takes }: Call): FoundGroup[] {
  return takes.flatMap(({ from }) => (from.kind === "group" ? [from] : []));
}

/** The least carried first. */
function inOrder(calls: readonly Call[]): Call[] {
  const count = (call: Call) => groupsOf(call).reduce((sum, { carriers }) => sum + carriedCount(carriers), 0);
  return [...calls].sort((a, b) => count(a) - count(b));
}

/** Who carries the groups, where anything shows it. */
function carriersSection(calls: readonly Call[]): string[] {
  const rows = inOrder(calls).flatMap((call) =>
    groupsOf(call).map(({ address, carriers }) => [
      code(`module.${call.name}`),
      code(address),
      carriers === undefined ? "nothing shows it" : carriersWords(carriers),
    ]),
  );
  if (calls.every((call) => groupsOf(call).every(({ carriers }) => carriers === undefined))) return [];
  return [
    "## Who carries the groups",
    "Nothing is interrupted: groups stay on the interfaces that carry them, with the same rules. Whoever goes call by call all the same takes them in this order, the least carried first.",
    table(["Call", "Group", "Carried by"], rows),
  ];
}

/** What AWS has and Terraform does not know, before all else. */
function driftSection(drift: readonly Drift[], unlisted: readonly string[]): string[] {
  return [
    ...(drift.length === 0
      ? []
      : [
          "## Drift",
          "What AWS lists is not what Terraform knows. A group is left until somebody says which side is right: `--accept drift=live` or `--accept drift=configuration` for all, `--answer drift.sg-…=live` for one.",
          table(
            ["Group", "Difference", "Right is"],
            drift.flatMap(({ address, differences, side = "not known: the group is left" }) =>
              differences.map((words) => [code(address), words, side]),
            ),
          ),
        ]),
    ...(unlisted.length === 0
      ? []
      : [`What AWS lists does not have ${unlisted.map(code).join(", ")}: nothing is known of their drift.`]),
  ];
}

const CHECK = "`eks-pod-security-groups adopt --check-plan plan.json`";

const MOVED_STEPS = [
  "Back up the state: `terraform state pull > before-adoption.tfstate`. The plan of the root must say `No changes` today; settle what it says first.",
  "Put `adopted.tf.json` and `modules/` into the root, next to its other files, unless this folder is the root.",
  "Delete the blocks of the resources below from the root and its modules, and with them their `moved` and `import` blocks. Keep a copy for the undo.",
  "Replace references to them: the last table has the new expressions.",
  `\`terraform init\`, \`terraform plan -out plan\`, \`terraform show -json plan > plan.json\`, ${CHECK}. It must say that nothing is created, changed, replaced or destroyed.`,
  "`terraform apply plan`. A second plan must say `No changes`.",
  "The `moved` blocks in `adopted.tf.json` have done their work when every state of this root has been applied. They may stay.",
];

const MOVED_UNDO = [
  "Take `adopted.tf.json` out of the root, put the deleted blocks back, and put `undo/undo.tf.json` beside them.",
  `Plan and check as above, then apply. Nothing in AWS changes. Delete \`undo.tf.json\` afterwards.`,
];

/**
 * Of both orders, the usual one never lets objects go that nobody holds. Where rules get another form, two forms must not hold one,
 * so that the old root comes first.
 */
const importSteps = (isConverted: boolean) => [
  "Back up the state of the old root: `terraform state pull > before-adoption.tfstate`. Its plan must say `No changes` today; settle what it says first.",
  "This folder is the new root. Give it your backend and, if the provider of the old root has them, its `ignore_tags`: otherwise the plan takes such tags away. Then `terraform init`, `terraform plan -out plan` and `terraform show -json plan > new.json`.",
  "In the old root, delete the blocks of the resources below (keep a copy for the undo), put `old-root/released.tf.json` in their place, and replace references to them by the ids or by a remote state. Then `terraform plan -out plan` and `terraform show -json plan > old.json`. It must only forget.",
  "Check both plans together: `eks-pod-security-groups adopt --check-plan new.json old.json`. What the old root forgets, the new one must import.",
  `${
    isConverted
      ? "Apply the old root, then the new one, because rules get another form, and two forms must not hold a rule at once. In between no state holds the objects, which stay in AWS as they are; apply nothing else."
      : "Apply the new root, then the old one. In between both states hold the objects; apply nothing else."
  } If an apply stops midway, plan, check and apply again: the state has what is done.`,
  "A second plan of both roots must say `No changes`. Delete `released.tf.json`.",
];

const importUndo = (isConverted: boolean) => [
  "In the old root, put the deleted blocks back and `undo/old-root.tf.json` beside them, instead of `released.tf.json`. In this folder, put `undo/new-root.tf.json` in the place of `adopted.tf.json`.",
  `Plan both, check both plans together as above, apply ${isConverted ? "this root and then the old one" : "the old root and then this one"}. Nothing in AWS changes. Delete \`old-root.tf.json\` afterwards.`,
];

/** Which rules get another form, and why nothing is lost on the way. */
function conversionSection(conversions: readonly Conversion[], way: Way): string[] {
  const rows = conversions.map(({ group, from, to, rules }) => [
    code(group.address),
    ...(way === "listed" ? [] : [from.map((form) => FORM_WORDS[form]).join(", ")]),
    FORM_WORDS[to],
    String(rules),
  ]);
  const notes = conversions.flatMap((one) => one.notes);
  if (way === "listed")
    return [
      "## The form of the rules",
      "No state holds these rules, so that nothing lets them go: they are imported in the form that was asked for.",
      table(["Group", "Form", "Rules"], rows),
      ...notes,
    ];
  return [
    "## Rules that get another form",
    `${CONVERTED[way]} No rule is created or deleted, and at no time do two forms claim one. Apply nothing else in between. It needs Terraform 1.7 or OpenTofu 1.10.`,
    table(["Group", "Today", "Then", "Rules"], rows),
    ...notes,
  ];
}

const CONVERTED = {
  moved:
    "One apply lets the old resources go (`removed`) and takes the same rules in under their new form (`import`), or changes which file declares them as blocks.",
  imported:
    "The old root lets its resources go (`removed`), and then the new one takes the same rules in under their new form (`import`, or blocks of the group).",
};

const LISTED_STEPS = [
  "Make sure that no other Terraform, CloudFormation or controller manages these groups: whoever does would change them back.",
  "This folder is the new root. Give it your backend, then `terraform init`, `terraform plan -out plan` and `terraform show -json plan > plan.json`.",
  `${CHECK}. It must say that nothing is created, changed, replaced or destroyed.`,
  "`terraform apply plan`. A second plan must say `No changes`.",
];

const LISTED_UNDO = [
  "Put `undo/new-root.tf.json` in the place of `adopted.tf.json`, plan, check with `adopt --check-plan plan.json --undo`, and apply. The state lets the objects go, and nothing in AWS changes.",
];

type Steps = (isConverted: boolean) => readonly string[];

const STEPS: Readonly<Record<Way, Steps>> = {
  moved: () => MOVED_STEPS,
  imported: importSteps,
  listed: () => LISTED_STEPS,
};

const UNDO: Readonly<Record<Way, Steps>> = {
  moved: () => MOVED_UNDO,
  imported: importUndo,
  listed: () => LISTED_UNDO,
};

function callSection({ name, module, takes, reason }: Call): string {
  const why = reason === undefined ? "" : ` Not the module made for it, ${reason}.`;
  return [
    `### module.${name}`,
    `Module \`${module}\`${module === GENERIC ? ", which holds any group as it is" : ", which is made for such groups"}.${why}`,
    table(
      ["Today", "Then"],
      becomes(takes).map(({ from, to, block }) => [
        `${code(from)}${block === "from" ? " (a block)" : ""}`,
        `${code(to)}${block === "to" ? " (a block)" : ""}`,
      ]),
    ),
  ].join("\n\n");
}

function nothingChanges(calls: readonly Call[]): string {
  return calls.some(({ changes = [] }) => changes.length > 0)
    ? "Nothing but the changes in place that are listed below reaches AWS: every plan must say `0 to add`, `0 to destroy`."
    : "Nothing in AWS changes: every plan below must say `0 to add, 0 to change, 0 to destroy`.";
}

/** What changes in place because it was accepted. */
function changesSection(calls: readonly Call[]): string[] {
  const changes = calls.flatMap((call) => call.changes ?? []);
  if (changes.length === 0) return [];
  const rows = changes.map(({ from, to, argument, before, after }) => [
    code(from),
    code(to),
    argument,
    before === "" ? "none" : before,
    after === "" ? "none" : after,
  ]);
  return [
    "## Changes in place",
    "`--accept` lets these change, and the plan shows them as `to change`. What is reachable stays as it is.",
    table(["Today", "Then", "What", "Before", "After"], rows),
  ];
}

/** What held by `lifecycle`, which modules do not have. */
function lifecycleSection(calls: readonly Call[]): string[] {
  const lost = lostLifecycles(calls);
  if (lost.length === 0) return [];
  return [
    "## What no longer holds",
    "Modules have no `lifecycle`. After the adoption Terraform sets back what others change of an argument that it ignored, and destroys what `prevent_destroy` kept if its call is removed. Whoever relies on that leaves the group out.",
    table(
      ["Today", "Then", "Lifecycle"],
      lost.map(({ from, to, lifecycle }) => [code(from), code(to), code(lifecycle)]),
    ),
  ];
}

/** How to name the groups from now on. */
function references(calls: readonly Call[]): string {
  const rows = calls.flatMap(({ name, module, takes }) =>
    takes.flatMap(({ from, to }) => {
      if (from.kind !== "group") return [];
      const output = module === GENERIC ? "security_group" : `${to.split(".").at(-1)}_security_group`;
      return [[code(`${from.address}.id`), code(`module.${name}.${output}_id`)]];
    }),
  );
  const within = [...groupedBy(takenBy(calls), ({ from }) => moduleOf(from.address)).keys()].filter(Boolean);
  const note =
    within.length === 0
      ? ""
      : `\n\nSome are in modules of the root (${within.map(code).join(", ")}): what these need of the groups, they get through a variable, and their outputs are now those of the calls.`;
  return `## References\n\n${table(["Old", "New, in the root"], rows)}\n\n\`_name\` and \`_arn\` in the place of \`_id\` give the name and the ARN.${note}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

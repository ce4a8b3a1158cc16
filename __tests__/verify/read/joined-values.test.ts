import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Unknown, type Value } from "../../../expression/value";
import { joined } from "../../../verify/read/terraform/joined-values";
import { shown } from "./support/configuration";

const GROUP = "aws_security_group";
type Block = Readonly<Record<string, Value>>;

const pods = new Unknown("aws_security_group.pods.id");
const web = new Unknown("aws_security_group.web.id");
/** What a plan does not know of its block at a position. */
const later = (index: number, argument = "security_groups") => new Unknown(`x.ingress[${index}].${argument}`);

/** A block as the provider plans it. */
function planned(given: Block): Block {
  const absent = {
    cidr_blocks: [],
    description: "",
    ipv6_cidr_blocks: [],
    prefix_list_ids: [],
    security_groups: [],
  };
  return { ...absent, self: false, protocol: "tcp", from_port: 1, to_port: 1, ...given };
}

const written = (given: Block): Block => ({ protocol: "tcp", from_port: 1, to_port: 1, ...given });

const groupsOf = (blocks: Value) =>
  (blocks as readonly Block[]).map((block) => shown(block["security_groups"]));

describe("planned blocks take from the configuration", () => {
  test("what the block of the same arguments names, in whatever order they stand", () => {
    const plan = [
      planned({ from_port: 2, security_groups: later(0) }),
      planned({ security_groups: later(1) }),
    ];
    const folder = [written({ security_groups: [pods] }), written({ from_port: 2, security_groups: [web] })];
    expect(groupsOf(joined(GROUP, plan, folder))).toStrictEqual([
      ["<aws_security_group.web.id>"],
      ["<aws_security_group.pods.id>"],
    ]);
  });

  test("an argument that is not written is the provider's own value for it, and not any", () => {
    const plan = [
      planned({ security_groups: later(0) }),
      planned({ self: true, security_groups: later(1) }),
      planned({ description: "web", security_groups: later(2) }),
    ];
    const both = new Unknown("var.both");
    const folder = [
      written({ description: "web", security_groups: [web] }),
      written({ self: true, security_groups: [both] }),
      written({ security_groups: [pods] }),
    ];
    expect(groupsOf(joined(GROUP, plan, folder))).toStrictEqual([
      ["<aws_security_group.pods.id>"],
      ["<var.both>"],
      ["<aws_security_group.web.id>"],
    ]);
  });

  test("nothing from a block of which something is not known, if another one may be theirs", () => {
    const plan = [
      planned({ cidr_blocks: ["10.0.0.0/8"], security_groups: later(0) }),
      planned({ cidr_blocks: ["10.1.0.0/16"], security_groups: later(1) }),
    ];
    const folder = [
      written({ cidr_blocks: new Unknown("var.office"), security_groups: [pods] }),
      written({ cidr_blocks: new Unknown("var.home"), security_groups: [web] }),
    ];
    expect(groupsOf(joined(GROUP, plan, folder))).toStrictEqual([
      "<x.ingress[0].security_groups>",
      "<x.ingress[1].security_groups>",
    ]);
  });

  test("what is left when all others are taken", () => {
    const plan = [
      planned({ cidr_blocks: ["10.0.0.0/8"], security_groups: later(0) }),
      planned({ cidr_blocks: ["10.1.0.0/16"], security_groups: later(1) }),
    ];
    const folder = [
      written({ cidr_blocks: new Unknown("var.office"), security_groups: [pods] }),
      written({ cidr_blocks: ["10.0.0.0/8"], security_groups: [web] }),
    ];
    expect(groupsOf(joined(GROUP, plan, folder))).toStrictEqual([
      ["<aws_security_group.web.id>"],
      ["<aws_security_group.pods.id>"],
    ]);
  });

  test("one each, where the plan knows the same of them", () => {
    const plan = [planned({ security_groups: later(0) }), planned({ security_groups: later(1) })];
    const folder = [written({ security_groups: [pods] }), written({ security_groups: [web] })];
    expect(
      groupsOf(joined(GROUP, plan, folder))
        .flat()
        .sort(),
    ).toStrictEqual(["<aws_security_group.pods.id>", "<aws_security_group.web.id>"]);
  });

  test("nothing where a known value contradicts, and nothing where the numbers differ", () => {
    const plan = [planned({ security_groups: later(0) })];
    const block = written({ security_groups: [pods] });
    const unknown = ["<x.ingress[0].security_groups>"];
    expect(groupsOf(joined(GROUP, plan, [{ ...block, from_port: 9 }]))).toStrictEqual(unknown);
    expect(groupsOf(joined(GROUP, plan, [block, { ...block, from_port: 9 }]))).toStrictEqual(unknown);
  });

  test("from a dynamic block of an unknown number as often as it must have been made", () => {
    const plan = [7, 8, 9].map((port, index) => planned({ from_port: port, security_groups: later(index) }));
    const dynamic = written({
      from_port: new Unknown("ingress.value in x"),
      security_groups: [pods],
      dynamic: true,
    });
    const folder = [written({ from_port: 8, security_groups: [web] }), dynamic];
    expect(groupsOf(joined(GROUP, plan, folder))).toStrictEqual([
      ["<aws_security_group.pods.id>"],
      ["<aws_security_group.web.id>"],
      ["<aws_security_group.pods.id>"],
    ]);
    const twice = [...folder, { ...dynamic, security_groups: [web] }];
    expect(groupsOf(joined(GROUP, plan, twice))).toContain("<x.ingress[0].security_groups>");
  });

  test("once what the configuration says twice", () => {
    const block = written({ security_groups: [pods] });
    const plan = [planned({ security_groups: later(0) })];
    expect(groupsOf(joined(GROUP, plan, [block, { ...block, self: false }]))).toStrictEqual([
      ["<aws_security_group.pods.id>"],
    ]);
  });
});

/*
 * Blocks as they really are, of few values so that many are alike. The plan does not know some of them, and then the
 * configuration names them by `is.VALUE` or does not know them either; of others the configuration is ignorant.
 */
const ARGUMENTS = ["from_port", "cidr_blocks", "security_groups"] as const;
type Sight = "known" | "named" | "unplanned" | "unread";

const sight = fc.constantFrom<Sight>("known", "known", "named", "unplanned", "unread");
const block = fc.record({
  truth: fc.tuple(fc.nat(1), fc.nat(1), fc.nat(2)),
  sights: fc.tuple(sight, sight, sight),
});
const blocks = fc
  .array(block, { minLength: 1, maxLength: 5 })
  .chain((real) => fc.tuple(fc.constant(real), fc.shuffledSubarray(real, { minLength: real.length })));
type Real = { truth: number[]; sights: Sight[] };

const spelled = (values: readonly Value[]): Block =>
  Object.fromEntries(ARGUMENTS.map((name, index) => [name, values[index] as Value]));

const inPlan = (real: readonly Real[]) =>
  real.map(({ truth, sights }, position) =>
    spelled(
      truth.map((value, index) =>
        sights[index] === "known" || sights[index] === "unread"
          ? value
          : later(position, ARGUMENTS[index] as string),
      ),
    ),
  );

const inFolder = (real: readonly Real[]) =>
  real.map(({ truth, sights }, position) =>
    spelled(
      truth.map((value, index) => {
        if (sights[index] === "known") return value;
        return new Unknown(sights[index] === "named" ? `is.${value}` : `folder[${position}].${index}`);
      }),
    ),
  );

function permutations(size: number): number[][] {
  if (size === 0) return [[]];
  return permutations(size - 1).flatMap((rest) =>
    Array.from({ length: size }, (_, at) => [...rest.slice(0, at), size - 1, ...rest.slice(at)]),
  );
}

/** Whether a joined value is what the argument really is, or says nothing. */
function isTrue(value: Value | undefined, truth: number): boolean {
  if (!(value instanceof Unknown)) return value === truth;
  return !value.expression.startsWith("is.") || value.expression === `is.${truth}`;
}

const join = (plan: readonly Block[], folder: readonly Block[]) =>
  joined("aws_other", plan, folder) as readonly Block[];

test("joining never gives a value that the true blocks contradict", () => {
  let named = 0;
  fc.assert(
    fc.property(blocks, ([real, shuffled]) => {
      const result = join(inPlan(real), inFolder(shuffled));
      named += JSON.stringify(shown(result)).split("<is.").length - 1;
      const isTold = permutations(real.length).some((order) =>
        result.every((block, position) =>
          ARGUMENTS.every((name, index) =>
            isTrue(block[name], real[order[position] as number]?.truth[index] as number),
          ),
        ),
      );
      expect(isTold, JSON.stringify(shown(result))).toBe(true);
    }),
    { numRuns: 1_500 },
  );
  expect(named).toBeGreaterThan(500);
});

test("joining gives all that every way to find the planned blocks in the configuration agrees on", () => {
  let agreed = 0;
  fc.assert(
    fc.property(blocks, ([real, shuffled]) => {
      const plan = inPlan(real);
      const folder = inFolder(shuffled);
      const fits = (one: Block, other: Block) =>
        ARGUMENTS.every((name) => {
          const [ours, theirs] = [one[name], other[name]];
          if (theirs instanceof Unknown) return true;
          return !(ours instanceof Unknown) && ours === theirs;
        });
      const ways = permutations(real.length).filter((order) =>
        plan.every((block, position) => fits(block, folder[order[position] as number] as Block)),
      );
      expect(ways.length).toBeGreaterThan(0);
      const result = join(plan, folder);
      for (const [position, block] of plan.entries()) {
        for (const name of ARGUMENTS) {
          const value = block[name] as Value;
          if (!(value instanceof Unknown)) continue;
          const said = new Set(ways.map((order) => shown(folder[order[position] as number]?.[name])));
          if (said.size > 1) continue;
          agreed += 1;
          expect(said).toContain(shown(result[position]?.[name]));
        }
      }
    }),
    { numRuns: 1_500 },
  );
  expect(agreed).toBeGreaterThan(500);
});

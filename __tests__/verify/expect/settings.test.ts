import { describe, expect, test } from "vitest";
import { settingsOf } from "../../../verify/expect/settings";
import type { Expectations } from "../../../verify/expect/stated/flows-file";

const file = (path: string, more: Partial<Expectations> = {}): Expectations => ({
  file: path,
  flows: [],
  notes: [],
  suppressions: [],
  ...more,
});

describe("the enforcing mode", () => {
  const own = file("shop/flows.yaml", { mode: "standard" });
  const module = file("modules/db/flows.yaml", { mode: "strict" });

  test.each<[string, Expectations[], "strict" | "standard" | undefined, object]>([
    ["is strict where nothing says it", [file("flows.yaml")], undefined, { mode: "strict", from: "default" }],
    ["is that of flows.yaml", [own], undefined, { mode: "standard", from: "shop/flows.yaml" }],
    [
      "is that of the input before that of a module",
      [own, module],
      undefined,
      { mode: "standard", from: own.file },
    ],
    [
      "is a module's where the input does not say it",
      [file("a"), module],
      undefined,
      { mode: "strict", from: module.file },
    ],
    ["is that of the option before all others", [own], "strict", { mode: "strict", from: "--mode" }],
  ])("%s", (_, files, option, expected) => {
    expect(settingsOf(files, option).mode).toStrictEqual(expected);
  });

  test("is that of the CNI of the input where nobody says it", () => {
    const cni = { mode: "standard", from: "aws_eks_addon.cni" } as const;
    expect(settingsOf([file("a")], undefined, [cni]).mode).toStrictEqual(cni);
    expect(settingsOf([module], undefined, [cni]).mode).toStrictEqual({ mode: "strict", from: module.file });
    expect(settingsOf([], "strict", [cni]).mode).toStrictEqual({ mode: "strict", from: "--mode" });
  });

  test("is told where sources of it differ, and only there", () => {
    expect(settingsOf([own, module]).notes).toStrictEqual([
      "flows are judged in standard mode, set by shop/flows.yaml; modules/db/flows.yaml says strict",
    ]);
    expect(settingsOf([own, own], "standard").notes).toStrictEqual([]);
    expect(settingsOf([own], "strict").notes).toStrictEqual([
      "flows are judged in strict mode, set by --mode; shop/flows.yaml says standard",
    ]);
  });
});

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verify } from "../../verify/verify";
import type { Manifest } from "../support/api-server";
import { type Found, OBJECT_FAULTS, RESOURCE_FAULTS } from "../support/faults";
import { type GroupWords, KUBERNETES_FORMS, type Written } from "../support/kubernetes-forms";
import { OBJECTS, TERRAFORM, WORDS } from "../support/shop";
import { type Form, type Resources, TERRAFORM_FORMS } from "../support/terraform-forms";
import { folderWith } from "./read/support/configuration";

/*
 * A fault is named once and nothing else, however the thing in which it is stands: an object of Kubernetes as YAML, as a live
 * dump and in each resource of Terraform; a resource of Terraform in each language, in a plan and in a state.
 */

/** Flows that do not hold, and warnings and errors by what they are about, whatever their form calls it. */
async function found({ files, path = "." }: Form, written: Written, words: GroupWords): Promise<Found> {
  const folder = folderWith({ ...files, ...written.files });
  const manifests = written.manifests.map((file) => join(folder, file));
  const options = manifests.length > 0 && { manifests, groupWords: new Map(Object.entries(words)) };
  const { verdicts, findings } = await verify(join(folder, path), { ...options });
  expect(verdicts.length).toBeGreaterThan(0);
  return {
    broken: verdicts.flatMap(({ flow, status }) => (status === "holds" ? [] : [flow.id.name])).sort(),
    told: findings
      .filter(({ severity }) => severity !== "information")
      .map(({ check, address }) => `${check} ${written.places.get(address) ?? address}`),
  };
}

const NOTHING: Required<Found> = { broken: [], told: [] };

function inForm(form: string, objects: Readonly<Record<string, Manifest>>, words: GroupWords): Written {
  return (KUBERNETES_FORMS[form] as (typeof KUBERNETES_FORMS)[string])(Object.values(objects), words);
}

function inLanguage(language: string, resources: Resources): Form {
  return (TERRAFORM_FORMS[language] as (typeof TERRAFORM_FORMS)[string])(resources);
}

/** The groups that a fault needs besides. */
const made = (groups: GroupWords): Resources =>
  Object.fromEntries(Object.values(groups).map((address) => [address, { name: address, vpc_id: "vpc-1" }]));

describe.each(Object.keys(KUBERNETES_FORMS))("an object of Kubernetes: %s", (form) => {
  const expectFound = async (objects: Readonly<Record<string, Manifest>>, groups: GroupWords = {}) => {
    const terraform = inLanguage(".tf.json", { ...TERRAFORM, ...made(groups) });
    const words = { ...WORDS, ...groups };
    return expect(await found(terraform, inForm(form, objects, words), words));
  };

  test("healthy", async () => {
    (await expectFound(OBJECTS)).toStrictEqual(NOTHING);
  });

  test.each(OBJECT_FAULTS.map((fault) => [fault.what, fault] as const))("%s", async (_, fault) => {
    const { objects, groups, broken = [], told = [] } = fault;
    (await expectFound(objects, groups)).toStrictEqual({ broken, told });
  });
});

describe.each(Object.keys(TERRAFORM_FORMS))("a resource of Terraform: %s", (language) => {
  const written = inForm("YAML", OBJECTS, WORDS);

  test("healthy", async () => {
    expect(await found(inLanguage(language, TERRAFORM), written, WORDS)).toStrictEqual(NOTHING);
  });

  test.each(RESOURCE_FAULTS.map((fault) => [fault.what, fault] as const))("%s", async (_, fault) => {
    const { resources, broken = [], told = [] } = fault;
    expect(await found(inLanguage(language, resources), written, WORDS)).toStrictEqual({ broken, told });
  });
});

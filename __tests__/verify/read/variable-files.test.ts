import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readInput } from "../../../verify/read";
import { verify } from "../../../verify/verify";
import { folderWith, resource, shown } from "./support/configuration";

const CONFIGURATION = {
  variable: {
    name: { default: "orders" },
    vpc_id: { type: "string" },
  },
  resource: {
    aws_security_group: {
      db: {
        name: "${var.name}",
        vpc_id: "${var.vpc_id}",
        ingress: { protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] },
      },
    },
  },
};

const SOPS = '{"data": "ENC[AES256_GCM,data:AA==,type:str]", "sops": {"mac": "x", "version": "3.9.0"}}';

describe("a file of values that nobody can read here", () => {
  test.each<[string, string, string | Buffer, string]>([
    [
      "of git-crypt",
      "terraform.tfvars",
      Buffer.from("\0GITCRYPT\0\x12\xff\0", "latin1"),
      "it is encrypted by git-crypt",
    ],
    [
      "of ansible-vault",
      "terraform.tfvars",
      "$ANSIBLE_VAULT;1.1;AES256\n6162\n",
      "it is encrypted by ansible-vault",
    ],
    ["of sops, as JSON", "terraform.tfvars.json", SOPS, "it is encrypted by sops"],
    ["of sops, as a whole", "secret.auto.tfvars", SOPS, "it is encrypted by sops"],
    ["of age", "secret.auto.tfvars", "age-encryption.org/v1\n-> X25519 x\n\xff", "it is encrypted by age"],
    ["of PGP", "secret.auto.tfvars", "-----BEGIN PGP MESSAGE-----\n", "it is encrypted by PGP"],
    ["of transcrypt", "secret.auto.tfvars", "U2FsdGVkX1+abc=\n", "it is encrypted by OpenSSL"],
    [
      "of Git LFS",
      "secret.auto.tfvars",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
      "it is a pointer of Git LFS",
    ],
    ["that is binary", "secret.auto.tfvars.json", Buffer.from([1, 0, 2]), "it is binary, not text"],
  ])("%s is a note, and its variables are unknown", async (_, name, content, why) => {
    const folder = folderWith({ "main.tf.json": CONFIGURATION });
    writeFileSync(join(folder, name), content);
    const input = await readInput(folder);
    expect(shown(resource(input, "aws_security_group.db").values["name"])).toBe("<var.name>");
    expect(input.notes.filter((note) => note.includes(name))).toStrictEqual([
      expect.stringMatching(new RegExp(`${name}: ${why}.*The values that it sets are not known\\.$`)),
    ]);
    const { findings } = await verify(folder);
    expect(findings.map(({ check, severity }) => [check, severity])).toContainEqual([
      "open-to-the-world",
      "error",
    ]);
  });

  test("does not hide what a later file says, but what an earlier one does", async () => {
    const folder = folderWith({
      "main.tf.json": CONFIGURATION,
      "terraform.tfvars.json": { name: "early", vpc_id: "vpc-early" },
      "a.auto.tfvars": "$ANSIBLE_VAULT;1.1;AES256\n",
      "b.auto.tfvars.json": { vpc_id: "vpc-late" },
    });
    const { values } = resource(await readInput(folder), "aws_security_group.db");
    expect([shown(values["name"]), values["vpc_id"]]).toStrictEqual(["<var.name>", "vpc-late"]);
  });

  test("of a plan does not matter: the plan has all values", async () => {
    const folder = folderWith({ "main.tf.json": CONFIGURATION, "terraform.tfvars": "$ANSIBLE_VAULT;1.1\n" });
    const plan = {
      format_version: "1.2",
      variables: { name: { value: "orders" }, vpc_id: { value: "vpc-1" } },
      planned_values: { root_module: {} },
    };
    writeFileSync(join(folder, "plan.json"), JSON.stringify(plan));
    const { notes } = await verify(join(folder, "plan.json"), { config: folder });
    expect(notes).toStrictEqual([]);
  });
});

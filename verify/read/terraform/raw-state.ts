import { absoluteIn, type InstanceKey, withKey } from "../../../expression/address";
import { InputError } from "../../../io/errors";
import { isJson, type Json } from "../../../io/json";
import { byText } from "../../../io/lists";

/**
 * A state as Terraform and OpenTofu keep it (`terraform.tfstate`, what `terraform state pull` prints), in the form in
 * which `terraform show -json` prints it. Of that, what the verifier reads: addresses and values. Needs no provider, so that
 * it can be read where there is no network.
 *
 * @throws InputError naming what is held without its attributes, as states before Terraform 0.12 have them
 *
 * The format of version 4 is the one since Terraform 0.12; seen in states of Terraform 1.5 to 1.15 and OpenTofu 1.12.
 */
export function shownState(file: string, raw: Json): Json {
  const old: string[] = [];
  const byModule = new Map<string, Json[]>();
  for (const resource of objectsOf(raw["resources"])) {
    const module = typeof resource["module"] === "string" ? resource["module"] : "";
    const known = byModule.get(module) ?? [];
    byModule.set(module, known);
    for (const instance of objectsOf(resource["instances"])) {
      const shown = shownInstance(module, resource, instance);
      known.push(shown);
      if (!isJson(instance["attributes"])) old.push(String(shown["address"]));
    }
  }
  if (old.length > 0) {
    throw new InputError([
      `${file}: ${old.join(", ")}: the attributes are those of a Terraform before 0.12. \`terraform apply -refresh-only\` rewrites them.`,
    ]);
  }
  const modules = [...byModule].sort(([a], [b]) => byText(a, b));
  const part = (resources: readonly Json[]) => ({
    resources: [...resources].sort((a, b) => byText(String(a["address"]), String(b["address"]))),
  });
  return {
    format_version: "1.0",
    terraform_version: raw["terraform_version"],
    values: {
      root_module: {
        ...part(byModule.get("") ?? []),
        child_modules: modules
          .filter(([address]) => address !== "")
          .map(([address, resources]) => ({ address, ...part(resources) })),
      },
    },
  };
}

function shownInstance(module: string, resource: Json, instance: Json): Json {
  const { mode, type, name } = resource;
  const key = instance["index_key"];
  const isKey = typeof key === "string" || typeof key === "number";
  const own = `${mode === "data" ? "data." : ""}${String(type)}.${String(name)}`;
  return {
    address: absoluteIn(module, withKey(own, isKey ? (key as InstanceKey) : undefined)),
    mode,
    type,
    name,
    values: isJson(instance["attributes"]) ? withoutTypes(String(type), instance["attributes"]) : {},
    ...(instance["status"] === "tainted" && { tainted: true }),
    ...(typeof instance["deposed"] === "string" && { deposed_key: instance["deposed"] }),
  };
}

/**
 * The attributes whose type is only known with their value: a state keeps both, as `{ value, type }`. From the
 * providers' schemas.
 */
const OF_ANY_TYPE: Readonly<Record<string, readonly string[]>> = {
  kubernetes_manifest: ["manifest", "object"],
  kubernetes_resource: ["object"],
  terraform_data: ["input", "output", "triggers_replace"],
  terraform_remote_state: ["config", "defaults", "outputs"],
};

function withoutTypes(type: string, attributes: Json): Json {
  const names = Object.hasOwn(OF_ANY_TYPE, type) ? (OF_ANY_TYPE[type] as readonly string[]) : [];
  const unwrapped = names.flatMap((name) => {
    const value = attributes[name];
    return isJson(value) && "value" in value && "type" in value ? [[name, value["value"]] as const] : [];
  });
  return { ...attributes, ...Object.fromEntries(unwrapped) };
}

function objectsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

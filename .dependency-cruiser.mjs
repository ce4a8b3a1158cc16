/**
 * The rooms of the house, and what each may import besides itself and the ground: docs/architecture.md has the same
 * table in words, and a test holds the two side by side.
 */

/** Rooms on the ground floor know nobody above. */
export const GROUND = { io: [], network: [], aws: ["network"], expression: ["io", "network"] };

/** The rooms above, each with the rooms below it that it may use. */
export const ROOMS = {
  synth: [],
  modules: ["synth"],
  compose: ["synth", "modules"],
  "verify/read": [],
  "verify/inventory": ["verify/read"],
  "verify/expect": ["verify/read", "verify/inventory"],
  "verify/judge": ["verify/inventory"],
  "verify/needs": ["verify/inventory"],
  "verify/derive": ["verify/inventory", "verify/needs"],
  "verify/checks": ["verify/inventory", "verify/judge", "verify/needs"],
  "verify/compare": ["verify/inventory", "verify/judge", "verify/checks"],
  "verify/ask": [
    "verify/read",
    "verify/inventory",
    "verify/expect",
    "verify/judge",
    "verify/needs",
    "verify/derive",
  ],
  "verify/report": ["verify/checks", "verify/compare"],
  adopt: ["verify/read", "verify/inventory"],
  cli: [],
  schemas: ["compose", "verify/read", "verify/checks", "verify/report", "cli"],
};

/** What leads into rooms: the types of a stage are open to the stages after it, the verifier's door to the command line. */
const DOORS = {
  verify: "^verify/[a-z]+/(model|flow-id)[.]ts$",
  cli: "^(verify/(verify|explain|initialise|[a-z]+/(index|model)|checks/order)|adopt/index|main)[.]ts$",
};

const inside = (room) => `^${room}/`;
const LIBRARIES = ["core", "npm", "npm-dev", "npm-peer", "npm-no-pkg"];

/** A room imports itself, the ground and the rooms below it. */
function looksOnlyDown([room, below]) {
  const ground = room in GROUND ? [] : Object.keys(GROUND);
  const doors = room.startsWith("verify/") ? [DOORS.verify] : room in DOORS ? [DOORS[room]] : [];
  return {
    name: `${room} imports only what is below it`,
    severity: "error",
    from: { path: inside(room) },
    to: {
      dependencyTypesNot: LIBRARIES,
      pathNot: [...[room, ...ground, ...below].map(inside), ...doors, "^package[.]json$"],
    },
  };
}

export default {
  forbidden: [
    ...Object.entries({ ...GROUND, ...ROOMS }).map(looksOnlyDown),
    {
      name: "no circles",
      comment: "Files that need each other are one file, or lack a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "what needs cdktf is loaded by the command that needs it",
      comment: "By import(), when it runs. `.dependency-cruiser.start.mjs` looks at what is loaded without.",
      severity: "error",
      from: { path: "^(verify|cli)/" },
      to: { path: "^main[.]ts$", dynamic: false },
    },
    {
      name: "files are touched in io",
      comment: "One place knows what can go wrong with a file.",
      severity: "error",
      from: { pathNot: "^(io|action|bench|bin|build|mutation|__tests__)/" },
      to: { path: "^(node:)?fs(/promises)?$", dependencyTypes: ["core"] },
    },
    {
      name: "cdktf's insides are touched in one file",
      comment: "They move with its versions.",
      severity: "error",
      from: { pathNot: "^synth/cdktf[.]ts$" },
      to: { path: "^node_modules/cdktf/lib/(?!index)" },
    },
    {
      name: "a stage's model has types alone",
      severity: "error",
      from: { path: "^verify/[a-z]+/model[.]ts$" },
      to: { dependencyTypesNot: ["type-only", "pre-compilation-only"], path: "^(?!node_modules)" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    // What is built, and where `npm run mutate` tries mutated copies.
    exclude: { path: "^(dist|[.]build|[.]stryker-tmp)/" },
  },
};

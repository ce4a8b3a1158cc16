import rooms from "./.dependency-cruiser.mjs";

/** What loads without anybody asking for it, which is all but what an import() leads to. */
export default {
  forbidden: [
    {
      name: "the verifier needs no cdktf",
      comment: "Whoever verifies has not installed it.",
      severity: "error",
      from: {
        path: [
          "^(adopt|verify|cli|io|network|aws|expression)/",
          "^modules/[^/]+/(contract|variables|preconditions|rules|flows|tests)[.]ts$",
          "^modules/shared/cluster-access/",
        ],
      },
      to: { path: "^node_modules/(cdktf|constructs|@cdktf/provider-[a-z]+)/", reachable: true },
    },
  ],
  options: { ...rooms.options, exclude: { ...rooms.options.exclude, dynamic: true } },
};

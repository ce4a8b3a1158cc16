// Lets node run the TypeScript of this project: `node --require ./register.cjs main.ts`.
// tsx looks through every file that is loaded after it. The large libraries are JavaScript already: loaded
// before it, a run takes about three quarters of the time.
require("cdktf");
require("zod");
require("tsx/cjs");

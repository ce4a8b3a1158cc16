/** Whether all is tried (`E2E_ALL=1`), and not the sample that the gate has time for. */
export const isAll = process.env["E2E_ALL"] === "1";

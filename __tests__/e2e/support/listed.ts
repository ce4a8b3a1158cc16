import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { awsEnvironment, command } from "./terraform";

/**
 * What the AWS CLI prints, into a file. The client is that of the CLI itself, which the emulator brings with it: the CLI prints what
 * it gives.
 */
const LISTING = `import boto3, json, sys
answer = getattr(boto3.client("ec2"), sys.argv[1])(**json.loads(sys.argv[2]))
answer.pop("ResponseMetadata")
print(json.dumps(answer, indent=4, default=str))`;

export function listed(folder: string, file: string, operation: string, filter: object = {}): void {
  const said = command(
    folder,
    "python3",
    ["-c", LISTING, operation, JSON.stringify(filter)],
    awsEnvironment({ AWS_DEFAULT_REGION: "eu-west-1" }),
  );
  writeFileSync(join(folder, file), said);
}

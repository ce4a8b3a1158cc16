import { awsStage } from "./stage";

/**
 * Asks the API of EC2 as it is documented, so that nothing of this project is between.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
 *
 * @param parameters with names such as `IpPermissions.1.FromPort`
 * @returns the answer, which is XML
 */
export async function ec2(
  action: string,
  parameters: Readonly<Record<string, string>> = {},
  region = "eu-west-1",
): Promise<string> {
  const { endpoint } = awsStage();
  const signature = `Credential=test/20260101/${region}/ec2/aws4_request, SignedHeaders=host, Signature=none`;
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { Authorization: `AWS4-HMAC-SHA256 ${signature}` },
    body: new URLSearchParams({ Action: action, Version: "2016-11-15", ...parameters }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${action} failed: ${text.slice(0, 300)}`);
  return text;
}

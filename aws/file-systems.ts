/**
 * File systems that a cluster's nodes mount for the pods: the drivers run in the network of the node, so that what mounts is
 * on the node's groups whatever groups a pod has.
 * https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html, https://docs.aws.amazon.com/efs/latest/ug/network-access.html
 * and `hostNetwork` in https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/deploy/kubernetes/base/node-daemonset.yaml
 */
export const MOUNTED_BY_NODES: ReadonlySet<string> = new Set([
  "aws_efs_mount_target",
  "aws_fsx_file_cache",
  "aws_fsx_lustre_file_system",
  "aws_fsx_ontap_file_system",
  "aws_fsx_openzfs_file_system",
  "aws_fsx_windows_file_system",
]);

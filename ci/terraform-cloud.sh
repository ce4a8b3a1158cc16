#!/bin/sh
# Runs Terraform in a workspace of Terraform Cloud that is driven by its CLI (a `cloud` block, Terraform 1.6 or newer). The
# security groups are verified twice: before a run is started, and as planned, before the plan is applied.
#   sh terraform-cloud.sh FOLDER
set -eu
folder=${1:-.}
: "${TARBALL:=https://git.example.com/platform/eks-pod-security-groups/releases/download/v0.1.0/eks-pod-security-groups-0.1.0.tgz}"

verify() { npx --yes --package="$TARBALL" eks-pod-security-groups verify "$@"; }

verify "$folder"
terraform -chdir="$folder" init -input=false
terraform -chdir="$folder" plan -input=false -out=tfplan
terraform -chdir="$folder" show -json tfplan | verify - --config "$folder"
terraform -chdir="$folder" apply -input=false tfplan

# The command in an image, from the release's tarball, one of which lies beside this file:
#   docker build --tag eks-pod-security-groups .
#   docker run --rm --volume "$PWD:/work" eks-pod-security-groups verify infra
FROM node:22-alpine AS package
COPY eks-pod-security-groups-*.tgz /package.tgz
# It brings all that it needs: no registry is asked.
RUN npm install --global --prefix /package --offline --ignore-scripts --no-audit --no-fund /package.tgz

FROM node:22-alpine
# Git reads the revision of `--base git:REF`. What is mounted belongs to others, and is only read.
# hadolint ignore=DL3018
RUN apk add --no-cache git && git config --system --add safe.directory '*'
COPY --from=package /package /usr/local
# The user `node` of the image.
USER 1000
WORKDIR /work
ENTRYPOINT ["eks-pod-security-groups"]
CMD ["verify"]

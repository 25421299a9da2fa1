#!/bin/sh
# A release as people type it: bump, lock, build each member, publish, commit, tag, push.
# Nothing is verified, nothing can be resumed, and the index is not asked what it serves.
set -eu
old=$(printf %s "$1" | sed "s/\./\\\\./g") new=$2 url=$3
sed -i "s/$old/$new/g" pyproject.toml packages/*/pyproject.toml
uv lock --quiet
echo begun
rm -rf dist
for manifest in pyproject.toml packages/*/pyproject.toml; do
    uv build --quiet --out-dir dist "$(dirname "$manifest")"
done
echo built
uv publish --quiet --publish-url "$url" dist/*.tar.gz dist/*.whl
echo uploaded
git commit --quiet --all --message "Published $new"
git tag --annotate --message "$new" "v$new"
git push --quiet origin main "v$new"

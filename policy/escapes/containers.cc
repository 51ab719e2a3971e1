// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Containers, virtual machines, managers of configuration, databases: each can reach its host.
#include "policy/escapes/escape.h"

namespace daypass::policy {
namespace {

using enum Power;
using enum Needs;

constexpr Escape kRows[] = {
    {"docker", "docker(1), a container with the host's root folder in it is the host", {{kRuns}}},
    {"podman", "podman(1), a container with the host's root folder in it is the host", {{kRuns}}},
    {"nerdctl", "nerdctl(1), a container with the host's root folder in it is the host", {{kRuns}}},
    {"buildah", "buildah(1), a container with the host's root folder in it is the host", {{kRuns}}},
    {"ctr", "ctr(1), a container with the host's root folder in it is the host", {{kRuns}}},
    {"crictl", "crictl(1), a container with the host's root folder in it is the host", {{kRuns}}},
    {"runc", "runc(1), a container with the host's root folder in it is the host", {{kRuns}}},
    {"crun", "crun(1), a container with the host's root folder in it is the host", {{kRuns}}},
    {"lxc", "lxc(1), a container with the host's root folder in it is the host", {{kRuns}}},
    {"lxc-start",
     "lxc-start(1), a container with the host's root folder in it is the host",
     {{kRuns}}},
    {"lxc-attach",
     "lxc-attach(1), a container with the host's root folder in it is the host",
     {{kRuns}}},
    {"lxc-execute",
     "lxc-execute(1), a container with the host's root folder in it is the host",
     {{kRuns}}},
    {"lxc-create",
     "lxc-create(1), a container with the host's root folder in it is the host",
     {{kRuns}}},
    {"incus", "incus(1), a container with the host's root folder in it is the host", {{kRuns}}},
    {"docker-compose",
     "docker-compose(1), a container with the host's root folder in it is the host",
     {{kRuns}}},
    {"skopeo", "skopeo(1), writes files", {{kWrites, "", kFree}}},
    {"kubectl", "kubectl(1), exec, cp, plugins, edit", {{kRuns}}},
    {"helm", "helm(1), plugins and post-renderers run programs", {{kRuns}}},
    {"virsh", "virsh(1), edit; machines with the host's disks", {{kRuns}}},
    {"qemu-system-x86_64", "qemu-system(1), the host's disks; scripts", {{kRuns}}},
    {"qemu-img", "qemu-img(1), writes files", {{kWrites, "", kPath}}},
    {"vagrant", "vagrant(1), runs the code of a Vagrantfile", {{kRuns}}},
    {"terraform", "terraform(1), runs providers and provisioners", {{kRuns}}},
    {"ansible", "ansible(1), runs modules", {{kRuns}}},
    {"ansible-playbook", "ansible-playbook(1), runs the tasks of a playbook", {{kRuns}}},
    {"puppet", "puppet(8), runs what a manifest says", {{kRuns}}},
    {"chef-client", "chef-client(8), runs recipes", {{kRuns}}},
    {"salt-call", "salt-call(1), runs modules", {{kRuns}}},
    {"cloud-init", "cloud-init(1), runs what its data says", {{kRuns}}},
    {"mysql", "mysql(1), command system", {{kShell}}},
    {"mariadb", "mariadb(1), command system", {{kShell}}},
    {"mysqldump",
     "mysqldump(1), --result-file, --tab",
     {{kWrites, "-r --result-file -T --tab --log-error"}, {kLoads, "--plugin-dir --default-auth"}}},
    {"psql", "psql(1), command \\!", {{kShell}}},
    {"pg_dump", "pg_dump(1), -f", {{kWrites, "-f --file", kPath}}},
    {"sqlite3", "sqlite3(1), command .shell", {{kShell}}},
    {"redis-cli", "redis-cli(1), CONFIG SET writes files; --eval", {{kRuns}}},
    {"mongosh", "mongosh(1), runs code", {{kRuns}}},
    {"mongo", "mongo(1), runs code", {{kRuns}}},
    {"aws", "aws(1), writes files; opens a pager", {{kRuns}}},
    {"gcloud", "gcloud(1), ssh and components run programs", {{kRuns}}},
    {"etcdctl",
     "etcdctl(1), exec-watch; snapshots write files",
     {{kRuns, "watch exec-watch"}, {kWrites, "save restore"}}},
    {"vault", "vault(1), ssh and agent run programs", {{kRuns}}},
    {"consul",
     "consul(1), exec, watch and lock run programs",
     {{kRuns, "exec watch lock connect"}}},
};

}  // namespace

std::span<const Escape> ContainerEscapes() {
  return kRows;
}

}  // namespace daypass::policy

"""A cluster on this machine, as a program of its own: python -m tests.core.batch.machines HOMES.

It prints its address, then answers each line of its input in a line: "add" with a machine's name, "remove NAME", "models".
"""

import json
import sys
from pathlib import Path

from ray.cluster_utils import Cluster


def main(homes):
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    nodes = {}
    print(json.dumps(cluster.address), flush=True)
    for line in sys.stdin:
        word, _, name = line.strip().partition(" ")
        answer = None
        if word == "add":
            answer = f"machine-{len(nodes)}"
            home = homes / answer
            nodes[answer] = cluster.add_node(num_cpus=1, env_vars={"RESTYLE_HOME": str(home)})
        elif word == "remove":
            cluster.remove_node(nodes[name], allow_graceful=False)
        elif word == "models":
            answer = sorted(path.name for path in homes.glob("*/models/*"))
        print(json.dumps(answer), flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

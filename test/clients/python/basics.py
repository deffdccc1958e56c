"""What a program with the Python client does; ends with an error at the first surprise."""

import sys

from kubernetes import client, config, dynamic, watch
from kubernetes.client.rest import ApiException

namespace = sys.argv[1]
GROUP = "networking.datumapis.com"
config.load_kube_config()
core, custom = client.CoreV1Api(), client.CustomObjectsApi()


def network(name, **spec):
    return {
        "apiVersion": f"{GROUP}/v1alpha",
        "kind": "Network",
        "metadata": {"name": name, "labels": {"set": "python"}},
        "spec": {"ipam": {"mode": "Auto"}, **spec},
    }


def refused(code, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except ApiException as error:
        assert error.status == code, (error.status, error.body)
        return error
    raise AssertionError(f"not refused with {code}")


assert client.VersionApi().get_code().minor == "33"
core.create_namespaced_config_map(namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="c"), data={"a": "1"}))
assert core.patch_namespaced_config_map("c", namespace, {"data": {"b": "2"}}).data == {"a": "1", "b": "2"}
core.create_namespaced_secret(namespace, client.V1Secret(metadata=client.V1ObjectMeta(name="s"), string_data={"a": "b"}))
assert core.read_namespaced_secret("s", namespace).data == {"a": "Yg=="}
assert {item.metadata.name for item in core.list_namespaced_config_map(namespace).items} == {"c"}

at = (GROUP, "v1alpha", namespace, "networks")
created = custom.create_namespaced_custom_object(*at, network("n"))
assert created["spec"]["mtu"] == 1460
refused(409, custom.create_namespaced_custom_object, *at, network("n"))
refused(422, custom.create_namespaced_custom_object, *at, network("bad", mtu=1))
assert custom.patch_namespaced_custom_object(*at, "n", {"spec": {"mtu": 1500}})["spec"]["mtu"] == 1500
# This client sends a JSON patch with the content type of a merge patch, unless it is told otherwise.
patch = [{"op": "replace", "path": "/spec/mtu", "value": 1600}]
refused(400, custom.patch_namespaced_custom_object, *at, "n", patch)
assert custom.patch_namespaced_custom_object(*at, "n", patch, _content_type="application/json-patch+json")["spec"]["mtu"] == 1600
status = {"status": {"conditions": [{"type": "Ready", "status": "True", "reason": "Test", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
custom.patch_namespaced_custom_object_status(*at, "n", status)
live = custom.get_namespaced_custom_object(*at, "n")
assert live["status"]["conditions"][0]["reason"] == "Test" and live["metadata"]["generation"] == 3

dynamic_client = dynamic.DynamicClient(client.ApiClient())
networks = dynamic_client.resources.get(api_version=f"{GROUP}/v1alpha", kind="Network")
applied = networks.server_side_apply(body=network("applied"), name="applied", namespace=namespace, field_manager="python")
assert applied.metadata.managedFields[0].manager == "python"
assert len(networks.get(namespace=namespace, label_selector="set=python").items) == 2

events = []
version = custom.list_namespaced_custom_object(*at)["metadata"]["resourceVersion"]
custom.delete_namespaced_custom_object(*at, "n")
for event in watch.Watch().stream(custom.list_namespaced_custom_object, *at, resource_version=version, timeout_seconds=20):
    events.append((event["type"], event["object"]["metadata"]["name"]))
    if event["type"] == "DELETED":
        break
    raise AssertionError(events)
assert events == [("DELETED", "n")], events
refused(404, custom.get_namespaced_custom_object, *at, "n")
custom.delete_collection_namespaced_custom_object(*at)
assert custom.list_namespaced_custom_object(*at)["items"] == []
print("all is as expected")

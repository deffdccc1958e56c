package clients

import (
	"fmt"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes/scheme"
	toolscache "k8s.io/client-go/tools/cache"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestInformersSeeEveryAddUpdateAndDelete(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	ctx := t.Context()
	manager := startManager(t, func(ctrl.Manager) {})
	network := newNetwork(namespace, "n")
	informer, err := manager.GetCache().GetInformer(ctx, newNetwork("", ""))
	must(t, err)
	var lock sync.Mutex
	seen := map[string]int{}
	count := func(what string, object any) {
		if of, ok := object.(client.Object); ok && of.GetNamespace() == namespace {
			lock.Lock()
			seen[what]++
			lock.Unlock()
		}
	}
	_, err = informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { count("add", object) },
		UpdateFunc: func(_, object any) { count("update", object) },
		DeleteFunc: func(object any) { count("delete", object) },
	})
	must(t, err)
	until := func(what string, times int) {
		t.Helper()
		eventually(t, func() string {
			lock.Lock()
			defer lock.Unlock()
			if seen[what] != times {
				return fmt.Sprintf("want %d %s, seen %v", times, what, seen)
			}
			return ""
		})
	}
	must(t, direct.Create(ctx, network))
	until("add", 1)
	network.SetLabels(map[string]string{"a": "1"})
	must(t, direct.Update(ctx, network))
	until("update", 1)
	must(t, direct.Delete(ctx, network))
	until("delete", 1)
}

func TestCachedListEqualsTheServers(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	ctx := t.Context()
	cached := startManager(t, func(ctrl.Manager) {}).GetClient()
	for index := range 25 {
		settings := &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint("c", index), Namespace: namespace, Labels: map[string]string{"odd": fmt.Sprint(index % 2)}},
			BinaryData: map[string][]byte{"b": {0, 255}},
		}
		must(t, direct.Create(ctx, settings))
	}
	for _, selector := range []client.MatchingLabels{nil, {"odd": "1"}} {
		eventually(t, func() string {
			ours, theirs := &corev1.ConfigMapList{}, &corev1.ConfigMapList{}
			must(t, direct.List(ctx, ours, client.InNamespace(namespace), selector))
			must(t, cached.List(ctx, theirs, client.InNamespace(namespace), selector))
			if len(ours.Items) != len(theirs.Items) {
				return fmt.Sprintf("%d at the server, %d in the cache", len(ours.Items), len(theirs.Items))
			}
			versions := map[string]string{}
			for _, item := range ours.Items {
				versions[item.Name] = item.ResourceVersion
			}
			for _, item := range theirs.Items {
				if versions[item.Name] != item.ResourceVersion || item.BinaryData["b"][1] != 255 {
					return fmt.Sprintf("%s differs", item.Name)
				}
			}
			return ""
		})
	}
	paged := &corev1.ConfigMapList{}
	names := map[string]bool{}
	for more := true; more; more = paged.Continue != "" {
		must(t, direct.List(ctx, paged, client.InNamespace(namespace), client.Limit(10), client.Continue(paged.Continue)))
		for _, item := range paged.Items {
			names[item.Name] = true
		}
	}
	if len(names) != 25 {
		t.Errorf("pages hold %d objects", len(names))
	}
}

func TestMetadataOnlyWatch(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	config := serverConfig(t)
	watcher, err := client.NewWithWatch(config, client.Options{Scheme: scheme.Scheme})
	must(t, err)
	for _, object := range []client.Object{newNetwork(namespace, "n"), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "n", Namespace: namespace}, StringData: map[string]string{"a": "hidden"},
	}} {
		kind, err := direct.GroupVersionKindFor(object)
		must(t, err)
		list := &metav1.PartialObjectMetadataList{}
		list.SetGroupVersionKind(kind.GroupVersion().WithKind(kind.Kind + "List"))
		events, err := watcher.Watch(t.Context(), list, client.InNamespace(namespace))
		must(t, err)
		must(t, direct.Create(t.Context(), object))
		event := <-events.ResultChan()
		events.Stop()
		seen, ok := event.Object.(*metav1.PartialObjectMetadata)
		if !ok || seen.Name != "n" || seen.UID != object.GetUID() {
			t.Errorf("%s: got %T %+v", kind.Kind, event.Object, event.Object)
		}
		single := &metav1.PartialObjectMetadata{}
		single.SetGroupVersionKind(kind)
		must(t, direct.Get(t.Context(), client.ObjectKeyFromObject(object), single))
		if single.ResourceVersion != object.GetResourceVersion() {
			t.Errorf("%s: metadata of version %s, want %s", kind.Kind, single.ResourceVersion, object.GetResourceVersion())
		}
	}
}

func TestRESTMapperFindsKindsByDiscovery(t *testing.T) {
	direct := directClient(t)
	mapping, err := direct.RESTMapper().RESTMapping(networkKind.GroupKind())
	must(t, err)
	if mapping.Resource.Resource != "networks" || mapping.Scope.Name() != "namespace" {
		t.Errorf("mapping is %+v", mapping)
	}
	unknown := &unstructured.Unstructured{}
	unknown.SetGroupVersionKind(networkKind.GroupVersion().WithKind("Nothing"))
	if err := direct.Get(t.Context(), client.ObjectKey{Namespace: "default", Name: "n"}, unknown); err == nil {
		t.Error("a kind that does not exist was found")
	}
}

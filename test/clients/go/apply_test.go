package clients

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

func applied(network *unstructured.Unstructured, labels map[string]string) runtime.ApplyConfiguration {
	network.SetLabels(labels)
	return client.ApplyConfigurationFromUnstructured(network)
}

func TestServerSideApplyConflictsAndTakeover(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	ctx := t.Context()
	one := newNetwork(namespace, "n")
	must(t, direct.Apply(ctx, applied(one, map[string]string{"a": "1", "b": "1"}), client.FieldOwner("one")))
	version := one.GetResourceVersion()
	again := newNetwork(namespace, "n")
	must(t, direct.Apply(ctx, applied(again, map[string]string{"a": "1", "b": "1"}), client.FieldOwner("one")))
	if again.GetResourceVersion() != version {
		t.Errorf("the same apply moved the resourceVersion from %s to %s", version, again.GetResourceVersion())
	}
	err := direct.Apply(ctx, applied(newNetwork(namespace, "n"), map[string]string{"a": "2"}), client.FieldOwner("two"))
	if !apierrors.IsConflict(err) {
		t.Fatalf("another manager's value: %v", err)
	}
	status := err.(apierrors.APIStatus).Status()
	if len(status.Details.Causes) != 1 || status.Details.Causes[0].Type != metav1.CauseTypeFieldManagerConflict ||
		status.Details.Causes[0].Field != ".metadata.labels.a" {
		t.Errorf("causes are %+v", status.Details.Causes)
	}
	taken := newNetwork(namespace, "n")
	must(t, direct.Apply(ctx, applied(taken, map[string]string{"a": "2"}), client.FieldOwner("two"), client.ForceOwnership))
	// `one` leaves out what it owned alone, and does not touch what `two` took.
	left := newNetwork(namespace, "n")
	must(t, direct.Apply(ctx, applied(left, nil), client.FieldOwner("one")))
	if labels := left.GetLabels(); labels["a"] != "2" || labels["b"] != "" {
		t.Errorf("labels are %v", labels)
	}
}

func TestStatusApplyTouchesStatusOnly(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	ctx := t.Context()
	must(t, direct.Create(ctx, newNetwork(namespace, "n")))
	status := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": networkKind.GroupVersion().String(), "kind": networkKind.Kind,
		"metadata": map[string]any{"name": "n", "namespace": namespace},
		"status": map[string]any{"conditions": []any{map[string]any{
			"type": "Mine", "status": "True", "reason": "Test", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z",
		}}},
	}}
	must(t, direct.Status().Apply(ctx, client.ApplyConfigurationFromUnstructured(status), client.FieldOwner("status-writer")))
	got := newNetwork(namespace, "n")
	must(t, direct.Get(ctx, client.ObjectKeyFromObject(got), got))
	conditions, _, _ := unstructured.NestedSlice(got.Object, "status", "conditions")
	if len(conditions) != 2 {
		t.Errorf("want the default condition and ours, got %v", conditions)
	}
	if got.GetGeneration() != 1 {
		t.Errorf("generation is %d", got.GetGeneration())
	}
}

func TestStaleWritesConflict(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	ctx := t.Context()
	network := newNetwork(namespace, "n")
	must(t, direct.Create(ctx, network))
	stale := network.DeepCopy()
	network.SetLabels(map[string]string{"a": "1"})
	must(t, direct.Update(ctx, network))

	if err := direct.Update(ctx, stale.DeepCopy()); !apierrors.IsConflict(err) {
		t.Errorf("stale update: %v", err)
	}
	if err := direct.Status().Update(ctx, stale.DeepCopy()); !apierrors.IsConflict(err) {
		t.Errorf("stale status update: %v", err)
	}
	changed := stale.DeepCopy()
	changed.SetLabels(map[string]string{"b": "1"})
	locked := client.MergeFromWithOptions(stale, client.MergeFromWithOptimisticLock{})
	if err := direct.Patch(ctx, changed.DeepCopy(), locked); !apierrors.IsConflict(err) {
		t.Errorf("stale patch with a lock: %v", err)
	}
	must(t, direct.Patch(ctx, changed, client.MergeFrom(stale)))
	if labels := changed.GetLabels(); labels["a"] != "1" || labels["b"] != "1" {
		t.Errorf("labels are %v", labels)
	}
	wrong := metav1.ObjectMeta{UID: "11111111-2222-3333-4444-555555555555"}
	if err := direct.Delete(ctx, changed, client.Preconditions{UID: &wrong.UID}); !apierrors.IsConflict(err) {
		t.Errorf("deletion of another object: %v", err)
	}
}

func TestCreateOrUpdateOfTheSameIsNoWrite(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	settings := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "c", Namespace: namespace}}
	set := func() error { settings.Data = map[string]string{"a": "1"}; return nil }
	for _, want := range []controllerutil.OperationResult{controllerutil.OperationResultCreated, controllerutil.OperationResultNone} {
		got, err := controllerutil.CreateOrUpdate(t.Context(), direct, settings, set)
		must(t, err)
		if got != want {
			t.Errorf("result is %s, want %s", got, want)
		}
	}
	version := settings.ResourceVersion
	must(t, direct.Update(t.Context(), settings))
	if settings.ResourceVersion != version {
		t.Errorf("an update that changes nothing moved the resourceVersion")
	}
}

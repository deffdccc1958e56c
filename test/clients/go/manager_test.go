package clients

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	corev1apply "k8s.io/client-go/applyconfigurations/core/v1"
	metav1apply "k8s.io/client-go/applyconfigurations/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

const finalizer = "clients.example.com/guard"

// guard is what small managers do: a finalizer, an object of its own by server-side apply, a condition in status.
type guard struct {
	client.Client
	runs atomic.Int64
}

func (g *guard) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	g.runs.Add(1)
	network := &unstructured.Unstructured{}
	network.SetGroupVersionKind(networkKind)
	if err := g.Get(ctx, request.NamespacedName, network); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if network.GetDeletionTimestamp() != nil {
		if controllerutil.RemoveFinalizer(network, finalizer) {
			return ctrl.Result{}, client.IgnoreNotFound(g.Update(ctx, network))
		}
		return ctrl.Result{}, nil
	}
	if controllerutil.AddFinalizer(network, finalizer) {
		return ctrl.Result{}, g.Update(ctx, network)
	}
	owned := corev1apply.ConfigMap(network.GetName(), network.GetNamespace()).
		WithData(map[string]string{"generation": fmt.Sprint(network.GetGeneration())}).
		WithOwnerReferences(metav1apply.OwnerReference().
			WithAPIVersion(network.GetAPIVersion()).WithKind(network.GetKind()).
			WithName(network.GetName()).WithUID(network.GetUID()).WithController(true).WithBlockOwnerDeletion(true))
	if err := g.Apply(ctx, owned, client.FieldOwner("guard"), client.ForceOwnership); err != nil {
		return ctrl.Result{}, err
	}
	condition := map[string]any{
		"type": "Ready", "status": "True", "reason": "Guarded", "message": "",
		"observedGeneration": network.GetGeneration(), "lastTransitionTime": "2026-01-01T00:00:00Z",
	}
	if err := unstructured.SetNestedSlice(network.Object, []any{condition}, "status", "conditions"); err != nil {
		return ctrl.Result{}, err
	}
	// On every run, as careless controllers do: a write that changes nothing must not cause an event.
	return ctrl.Result{}, g.Status().Update(ctx, network)
}

func startGuard(t *testing.T, namespace string) *guard {
	g := &guard{}
	startManager(t, func(manager ctrl.Manager) {
		g.Client = manager.GetClient()
		network := &unstructured.Unstructured{}
		network.SetGroupVersionKind(networkKind)
		skip := true
		must(t, ctrl.NewControllerManagedBy(manager).
			Named("guard-"+namespace).
			WithOptions(controller.Options{SkipNameValidation: &skip}).
			For(network).
			Owns(&corev1.ConfigMap{}, builder.OnlyMetadata).
			Complete(g))
	}, func(options *ctrl.Options) {
		options.Cache.DefaultNamespaces = map[string]cache.Config{namespace: {}}
	})
	return g
}

func TestManagerGuardsANetworkFromCreationToDeletion(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	g := startGuard(t, namespace)
	network := newNetwork(namespace, "n")
	must(t, direct.Create(t.Context(), network))
	key := client.ObjectKeyFromObject(network)

	eventually(t, func() string {
		if err := direct.Get(t.Context(), key, network); err != nil {
			return complain(err)
		}
		if !controllerutil.ContainsFinalizer(network, finalizer) {
			return "no finalizer"
		}
		conditions, _, _ := unstructured.NestedSlice(network.Object, "status", "conditions")
		for _, condition := range conditions {
			if condition.(map[string]any)["reason"] == "Guarded" {
				return ""
			}
		}
		return fmt.Sprint("conditions are ", conditions)
	})
	if network.GetGeneration() != 1 {
		t.Errorf("generation is %d after writes of metadata and status only", network.GetGeneration())
	}

	owned := &corev1.ConfigMap{}
	must(t, direct.Get(t.Context(), key, owned))
	must(t, direct.Delete(t.Context(), owned))
	eventually(t, func() string { return complain(direct.Get(t.Context(), key, owned)) })

	must(t, direct.Delete(t.Context(), network))
	eventually(t, func() string {
		if err := direct.Get(t.Context(), key, network); !apierrors.IsNotFound(err) {
			return fmt.Sprint("the network is still there: ", err)
		}
		return ""
	})
	if g.runs.Load() > 100 {
		t.Errorf("%d runs for one network: writes that change nothing cause events", g.runs.Load())
	}
}

func TestStatusWrittenOnEveryRunDoesNotLoop(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	g := startGuard(t, namespace)
	network := newNetwork(namespace, "n")
	must(t, direct.Create(t.Context(), network))
	var runs int64
	quiet := time.Now()
	eventually(t, func() string {
		if now := g.runs.Load(); now != runs || now == 0 {
			runs, quiet = now, time.Now()
		}
		if time.Since(quiet) < 2*time.Second {
			return fmt.Sprintf("still running after %d runs", runs)
		}
		return ""
	})
	must(t, direct.Delete(t.Context(), network, client.PropagationPolicy(metav1.DeletePropagationBackground)))
	eventually(t, func() string {
		if err := direct.Get(t.Context(), client.ObjectKeyFromObject(network), network); !apierrors.IsNotFound(err) {
			return "the network is still there"
		}
		return ""
	})
}

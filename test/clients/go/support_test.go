// Package clients holds what a controller-runtime manager does at our Kubernetes API: every test runs against the
// server that KUBECONFIG names, in a namespace of its own.
package clients

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

var networkKind = schema.GroupVersionKind{Group: "networking.datumapis.com", Version: "v1alpha", Kind: "Network"}

const waitLimit = 30 * time.Second

func TestMain(m *testing.M) {
	ctrl.SetLogger(klog.Background())
	os.Exit(m.Run())
}

func serverConfig(t *testing.T) *rest.Config {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(t, err)
	// The client's own throttle would only slow the test down.
	config.QPS, config.Burst = 500, 500
	return config
}

func directClient(t *testing.T) client.Client {
	t.Helper()
	direct, err := client.New(serverConfig(t), client.Options{Scheme: scheme.Scheme})
	must(t, err)
	return direct
}

// freshNamespace makes a namespace that is deleted with the test.
func freshNamespace(t *testing.T, direct client.Client) string {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "go-"}}
	must(t, direct.Create(t.Context(), namespace))
	t.Cleanup(func() { _ = direct.Delete(context.Background(), namespace) })
	return namespace.Name
}

func newNetwork(namespace, name string) *unstructured.Unstructured {
	network := &unstructured.Unstructured{}
	network.SetGroupVersionKind(networkKind)
	network.SetNamespace(namespace)
	network.SetName(name)
	must(nil, unstructured.SetNestedField(network.Object, "Auto", "spec", "ipam", "mode"))
	return network
}

// startManager runs a manager until the test ends.
func startManager(t *testing.T, setUp func(ctrl.Manager), change ...func(*ctrl.Options)) ctrl.Manager {
	t.Helper()
	options := ctrl.Options{Scheme: scheme.Scheme, Metrics: metricsserver.Options{BindAddress: "0"}}
	for _, apply := range change {
		apply(&options)
	}
	manager, err := ctrl.NewManager(serverConfig(t), options)
	must(t, err)
	setUp(manager)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- manager.Start(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the manager ended with %v", err)
		}
	})
	if !manager.GetCache().WaitForCacheSync(t.Context()) {
		t.Fatal("the caches did not fill")
	}
	return manager
}

// eventually waits until the check answers no complaint.
func eventually(t *testing.T, check func() string) {
	t.Helper()
	complaint := "never checked"
	for end := time.Now().Add(waitLimit); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if complaint = check(); complaint == "" {
			return
		}
	}
	t.Fatalf("not so within %s: %s", waitLimit, complaint)
}

func must(t *testing.T, err error) {
	if err == nil {
		return
	}
	if t == nil {
		panic(err)
	}
	t.Helper()
	t.Fatal(err)
}

func complain(err error) string {
	if err == nil {
		return ""
	}
	return fmt.Sprint(err)
}

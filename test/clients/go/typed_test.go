package clients

import (
	"fmt"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
)

// The typed client sends protobuf for every kind of Kubernetes itself.
func typedClient(t *testing.T) *kubernetes.Clientset {
	t.Helper()
	config := serverConfig(t)
	config.ContentType = "application/vnd.kubernetes.protobuf"
	config.AcceptContentTypes = "application/vnd.kubernetes.protobuf,application/json"
	typed, err := kubernetes.NewForConfig(config)
	must(t, err)
	return typed
}

func TestTypedClientWritesEveryBuiltInKind(t *testing.T) {
	namespace := freshNamespace(t, directClient(t))
	typed, ctx, meta := typedClient(t), t.Context(), metav1.ObjectMeta{Name: "x"}

	secret, err := typed.CoreV1().Secrets(namespace).Create(ctx, &corev1.Secret{ObjectMeta: meta, Data: map[string][]byte{"a": {0, 1, 255}}}, metav1.CreateOptions{})
	must(t, err)
	secret.StringData = map[string]string{"b": "text"}
	secret, err = typed.CoreV1().Secrets(namespace).Update(ctx, secret, metav1.UpdateOptions{})
	must(t, err)
	if string(secret.Data["b"]) != "text" || secret.Data["a"][2] != 255 || secret.Type != corev1.SecretTypeOpaque {
		t.Errorf("secret is %+v", secret)
	}
	settings, err := typed.CoreV1().ConfigMaps(namespace).Create(ctx, &corev1.ConfigMap{ObjectMeta: meta, Data: map[string]string{"a": "ü"}}, metav1.CreateOptions{})
	must(t, err)
	settings, err = typed.CoreV1().ConfigMaps(namespace).Patch(ctx, "x", types.StrategicMergePatchType, []byte(`{"data":{"b":"2"}}`), metav1.PatchOptions{})
	must(t, err)
	if settings.Data["a"] != "ü" || settings.Data["b"] != "2" {
		t.Errorf("config map is %+v", settings)
	}
	now := metav1.NewMicroTime(time.Date(2026, 1, 2, 3, 4, 5, 123456000, time.UTC))
	holder, duration := "me", int32(15)
	lease, err := typed.CoordinationV1().Leases(namespace).Create(ctx, &coordinationv1.Lease{ObjectMeta: meta, Spec: coordinationv1.LeaseSpec{HolderIdentity: &holder, LeaseDurationSeconds: &duration, RenewTime: &now}}, metav1.CreateOptions{})
	must(t, err)
	if !lease.Spec.RenewTime.Equal(&now) {
		t.Errorf("renewTime is %s, want %s", lease.Spec.RenewTime, now)
	}
	rules := []rbacv1.PolicyRule{{Verbs: []string{"get"}, APIGroups: []string{"networking.datumapis.com"}, Resources: []string{"networks"}}}
	role, err := typed.RbacV1().Roles(namespace).Create(ctx, &rbacv1.Role{ObjectMeta: meta, Rules: rules}, metav1.CreateOptions{})
	must(t, err)
	if fmt.Sprint(role.Rules) != fmt.Sprint(rules) {
		t.Errorf("rules are %v", role.Rules)
	}
	_, err = typed.RbacV1().RoleBindings(namespace).Create(ctx, &rbacv1.RoleBinding{ObjectMeta: meta,
		Subjects: []rbacv1.Subject{{Kind: "User", APIGroup: rbacv1.GroupName, Name: "u"}},
		RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "x"}}, metav1.CreateOptions{})
	must(t, err)
	policy := metav1.DeletePropagationForeground
	must(t, typed.CoreV1().ConfigMaps(namespace).Delete(ctx, "x", metav1.DeleteOptions{PropagationPolicy: &policy}))
	must(t, typed.CoreV1().Secrets(namespace).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}))
	secrets, err := typed.CoreV1().Secrets(namespace).List(ctx, metav1.ListOptions{})
	must(t, err)
	if len(secrets.Items) != 0 {
		t.Errorf("%d secrets are left", len(secrets.Items))
	}
}

func TestRecordersOfBothEventGroups(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	network := newNetwork(namespace, "n")
	must(t, direct.Create(t.Context(), network))
	typed := typedClient(t)

	broadcaster := record.NewBroadcaster()
	defer broadcaster.Shutdown()
	broadcaster.StartRecordingToSink(&typedcorev1.EventSinkImpl{Interface: typed.CoreV1().Events("")})
	older := broadcaster.NewRecorder(scheme.Scheme, corev1.EventSource{Component: "older"})
	// The second and third are the same again: a strategic merge patch of the count.
	for range 3 {
		older.Event(network, corev1.EventTypeWarning, "Odd", "something is odd")
	}
	manager := startManager(t, func(ctrl.Manager) {})
	manager.GetEventRecorder("newer").Eventf(network, nil, corev1.EventTypeNormal, "Fine", "Look", "all is %s", "fine")

	eventually(t, func() string {
		events, err := typed.CoreV1().Events(namespace).List(t.Context(), metav1.ListOptions{FieldSelector: "involvedObject.name=n"})
		if err != nil {
			return complain(err)
		}
		found := map[string]string{}
		for _, event := range events.Items {
			found[event.Reason] = fmt.Sprint(event.Message, " ", event.Count, " ", event.InvolvedObject.UID == network.GetUID())
		}
		if found["Odd"] != "something is odd 3 true" || found["Fine"] != "all is fine 0 true" {
			return fmt.Sprint(found)
		}
		return ""
	})
	newer, err := typed.EventsV1().Events(namespace).List(t.Context(), metav1.ListOptions{})
	must(t, err)
	if len(newer.Items) != 2 {
		t.Errorf("%d events in the newer group", len(newer.Items))
	}
}

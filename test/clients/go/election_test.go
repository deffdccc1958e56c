package clients

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

// Set in the processes that stand for election.
const (
	candidateNamespace = "DATUM_TEST_CANDIDATE_NAMESPACE"
	electedLine        = "ELECTED"
)

// TestCandidate is one process of the election; by itself it does nothing.
func TestCandidate(t *testing.T) {
	namespace := os.Getenv(candidateNamespace)
	if namespace == "" {
		t.Skip("only run by the election")
	}
	lease, renew, retry := 4*time.Second, 3*time.Second, 500*time.Millisecond
	manager, err := ctrl.NewManager(serverConfig(t), ctrl.Options{
		Scheme: scheme.Scheme, Metrics: metricsserver.Options{BindAddress: "0"},
		LeaderElection: true, LeaderElectionID: "election", LeaderElectionNamespace: namespace,
		LeaseDuration: &lease, RenewDeadline: &renew, RetryPeriod: &retry,
	})
	must(t, err)
	go func() {
		<-manager.Elected()
		fmt.Println(electedLine)
	}()
	must(t, manager.Start(context.Background()))
}

type candidate struct {
	process *exec.Cmd
	elected chan struct{}
}

func startCandidate(t *testing.T, namespace string) *candidate {
	t.Helper()
	process := exec.Command(os.Args[0], "-test.run=^TestCandidate$")
	process.Env = append(os.Environ(), candidateNamespace+"="+namespace)
	process.Stderr = os.Stderr
	output, err := process.StdoutPipe()
	must(t, err)
	must(t, process.Start())
	t.Cleanup(func() { _ = process.Process.Kill(); _ = process.Wait() })
	c := &candidate{process, make(chan struct{})}
	go func() {
		for lines := bufio.NewScanner(output); lines.Scan(); {
			if strings.HasPrefix(lines.Text(), electedLine) {
				close(c.elected)
			}
		}
	}()
	return c
}

func (c *candidate) isLeader() bool {
	select {
	case <-c.elected:
		return true
	default:
		return false
	}
}

func TestLeaderElectionOfTwoProcesses(t *testing.T) {
	direct := directClient(t)
	namespace := freshNamespace(t, direct)
	candidates := []*candidate{startCandidate(t, namespace), startCandidate(t, namespace)}
	leader, other := 0, 1
	eventually(t, func() string {
		if candidates[1].isLeader() {
			leader, other = 1, 0
		}
		if candidates[leader].isLeader() {
			return ""
		}
		return "nobody is elected"
	})
	held := &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "election"}}
	read := func() string { return complain(direct.Get(t.Context(), client.ObjectKeyFromObject(held), held)) }
	eventually(t, read)
	first, renewed := *held.Spec.HolderIdentity, held.Spec.RenewTime.Time
	eventually(t, func() string {
		if complaint := read(); complaint != "" {
			return complaint
		}
		if !held.Spec.RenewTime.Time.After(renewed) {
			return "the lease is not renewed"
		}
		return ""
	})
	if *held.Spec.HolderIdentity != first || candidates[other].isLeader() {
		t.Fatalf("two leaders: %s and %s", first, *held.Spec.HolderIdentity)
	}
	must(t, candidates[leader].process.Process.Kill())
	eventually(t, func() string {
		if complaint := read(); complaint != "" {
			return complaint
		}
		if !candidates[other].isLeader() || *held.Spec.HolderIdentity == first {
			return "the other does not take over"
		}
		return ""
	})
	if *held.Spec.LeaseTransitions != 1 {
		t.Errorf("%d transitions", *held.Spec.LeaseTransitions)
	}
}

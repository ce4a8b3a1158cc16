// Command oracle says which security groups the VPC resource controller gives to pods, by the controller's own code.
//
// It reads one set per line from standard input, as JSON: the pods of a namespace with the policies and the service accounts
// that the cluster has. For each set it writes one line, as JSON: for each pod a string, in the order of the pods. That is the
// ids of its groups, sorted and separated by spaces; empty where no policy matches; "rejected" where the webhook rejects the pod.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/aws/amazon-vpc-resource-controller-k8s/apis/vpcresources/v1beta1"
	"github.com/aws/amazon-vpc-resource-controller-k8s/pkg/utils"
	"github.com/aws/amazon-vpc-resource-controller-k8s/webhooks/core"
	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

// Set holds everything that the answers for some pods depend on.
type Set struct {
	Policies        []v1beta1.SecurityGroupPolicy `json:"policies"`
	Pods            []corev1.Pod                  `json:"pods"`
	ServiceAccounts []corev1.ServiceAccount       `json:"serviceAccounts"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		return err
	}
	if err := v1beta1.AddToScheme(scheme); err != nil {
		return err
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for number := 1; in.Scan(); number++ {
		var set Set
		if err := json.Unmarshal(in.Bytes(), &set); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		line, err := json.Marshal(answers(scheme, set))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", line)
	}
	return in.Err()
}

func answers(scheme *runtime.Scheme, set Set) []string {
	var objects []client.Object
	for i := range set.Policies {
		objects = append(objects, &set.Policies[i])
	}
	for i := range set.ServiceAccounts {
		objects = append(objects, &set.ServiceAccounts[i])
	}
	cluster := fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build()
	api := utils.NewSecurityGroupForPodsAPI(cluster, logr.Discard())
	result := make([]string, len(set.Pods))
	for i := range set.Pods {
		result[i] = answer(api, &set.Pods[i])
	}
	return result
}

// answer follows the webhook: it asks for the groups only of pods that may get an interface with some. Before it, the API server
// fills in the service account.
func answer(api utils.SecurityGroupForPodsAPI, pod *corev1.Pod) string {
	name := &pod.Spec.ServiceAccountName
	*name = cmp.Or(*name, pod.Spec.DeprecatedServiceAccount, "default")
	switch core.WhichPod(pod) {
	case core.HostNetworking, core.Windows:
		return ""
	}
	groups, err := api.GetMatchingSecurityGroupForPods(pod)
	if err != nil {
		return "rejected"
	}
	slices.Sort(groups)
	return strings.Join(groups, " ")
}

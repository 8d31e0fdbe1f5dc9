// Istio's own code on what this package makes: one JSON request per line of standard input, one JSON answer per line.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"time"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/wasm/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"
	extensions "istio.io/api/extensions/v1alpha1"
	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/util/protomarshal"
	"istio.io/istio/pkg/util/sets"
	"istio.io/istio/pkg/wasm"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

type request struct {
	// "image": fetch Ref as the agent's fetcher does. "cache": fetch URL through the agent's cache. "validate": check YAML.
	// "convert": fetch the module that a configuration (JSON) names, as the agent does for the proxy.
	// "sent": the text that Istio, or Envoy Gateway behind Kubernetes, hands to the plugin of an object (YAML).
	Op         string `json:"op"`
	Ref        string `json:"ref"`
	URL        string `json:"url"`
	Checksum   string `json:"checksum"`
	PullSecret string `json:"pullSecret"`
	Insecure   bool   `json:"insecure"`
	YAML       string `json:"yaml"`
	Config     string `json:"config"`
}

type answer struct {
	Error    string   `json:"error,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	// Digest of the manifest, and of the module.
	Digest string   `json:"digest,omitempty"`
	Module string   `json:"module,omitempty"`
	Kinds  []string `json:"kinds,omitempty"`
	// What the proxy is given, as JSON.
	Config string `json:"config,omitempty"`
}

func image(r request) (answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	fetcher := wasm.NewImageFetcher(ctx, wasm.ImageFetcherOption{PullSecret: []byte(r.PullSecret), Insecure: r.Insecure})
	get, digest, err := fetcher.PrepareFetch(r.Ref)
	if err != nil {
		return answer{}, err
	}
	module, err := get()
	if err != nil {
		return answer{}, err
	}
	sum := sha256.Sum256(module)
	return answer{Digest: digest, Module: hex.EncodeToString(sum[:])}, nil
}

func options() wasm.Options {
	return wasm.Options{
		PurgeInterval:         time.Hour,
		ModuleExpiry:          24 * time.Hour,
		InsecureRegistries:    sets.New[string](),
		HTTPRequestTimeout:    5 * time.Second,
		HTTPRequestMaxRetries: 1,
	}
}

func convert(r request) (answer, error) {
	dir, err := os.MkdirTemp("", "istio-wasm-")
	if err != nil {
		return answer{}, err
	}
	defer os.RemoveAll(dir)
	cache := wasm.NewLocalFileCache(dir, options())
	defer cache.Cleanup()
	extension := &core.TypedExtensionConfig{}
	if err := protojson.Unmarshal([]byte(r.Config), extension); err != nil {
		return answer{}, err
	}
	resource, err := anypb.New(extension)
	if err != nil {
		return answer{}, err
	}
	resources := []*anypb.Any{resource}
	if err := wasm.MaybeConvertWasmExtensionConfig(resources, cache); err != nil {
		return answer{}, err
	}
	converted := &core.TypedExtensionConfig{}
	if err := resources[0].UnmarshalTo(converted); err != nil {
		return answer{}, err
	}
	text, err := protojson.Marshal(converted)
	return answer{Config: string(text)}, err
}

func cached(r request) (answer, error) {
	dir, err := os.MkdirTemp("", "istio-wasm-")
	if err != nil {
		return answer{}, err
	}
	defer os.RemoveAll(dir)
	cache := wasm.NewLocalFileCache(dir, options())
	defer cache.Cleanup()
	path, err := cache.Get(r.URL, wasm.GetOptions{Checksum: r.Checksum, RequestTimeout: 30 * time.Second, PullSecret: []byte(r.PullSecret)})
	if err != nil {
		return answer{}, err
	}
	module, err := os.ReadFile(path)
	if err != nil {
		return answer{}, err
	}
	sum := sha256.Sum256(module)
	return answer{Module: hex.EncodeToString(sum[:])}, nil
}

func validate(r request) (answer, error) {
	configs, others, err := crd.ParseInputs(r.YAML)
	if err != nil {
		return answer{}, err
	}
	if len(others) > 0 {
		return answer{}, fmt.Errorf("%d objects are no Istio configuration", len(others))
	}
	var a answer
	for _, config := range configs {
		schema, found := collections.All.FindByGroupVersionAliasesKind(config.GroupVersionKind)
		if !found {
			return answer{}, fmt.Errorf("unknown kind %v", config.GroupVersionKind)
		}
		if config.Namespace == "" {
			config.Namespace = "default"
		}
		warning, err := schema.ValidateConfig(config)
		if err != nil {
			return answer{}, err
		}
		if warning != nil {
			a.Warnings = append(a.Warnings, warning.Error())
		}
		a.Kinds = append(a.Kinds, config.GroupVersionKind.Kind)
	}
	return a, nil
}

// As BuildHTTPWasmFilter of pilot/pkg/model does.
func sentByIstio(spec any) (string, error) {
	var plugin *structpb.Struct
	switch object := spec.(type) {
	case *extensions.WasmPlugin:
		plugin = object.GetPluginConfig()
	case *extensions.TrafficExtension:
		plugin = object.GetWasm().GetPluginConfig()
	}
	if plugin == nil || len(plugin.Fields) == 0 {
		return "", nil
	}
	return protomarshal.ToJSON(plugin)
}

// Kubernetes keeps an object as it encodes it; Envoy Gateway takes the configuration's bytes out of that.
func sentByGateway(text []byte) (string, error) {
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(text); err != nil {
		return "", err
	}
	kept, err := object.MarshalJSON()
	if err != nil {
		return "", err
	}
	var policy struct {
		Spec struct {
			Wasm []struct {
				Config *json.RawMessage `json:"config"`
			} `json:"wasm"`
		} `json:"spec"`
	}
	if err := json.Unmarshal(kept, &policy); err != nil {
		return "", err
	}
	if config := policy.Spec.Wasm[0].Config; config != nil {
		return string(*config), nil
	}
	return "", nil
}

func sent(r request) (answer, error) {
	text, err := yaml.YAMLToJSON([]byte(r.YAML))
	if err != nil {
		return answer{}, err
	}
	if bytes.Contains(text, []byte(`"kind":"EnvoyExtensionPolicy"`)) {
		config, err := sentByGateway(text)
		return answer{Config: config}, err
	}
	configs, _, err := crd.ParseInputs(r.YAML)
	if err != nil {
		return answer{}, err
	}
	config, err := sentByIstio(configs[0].Spec)
	return answer{Config: config}, err
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 16<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var r request
		if err := json.NewDecoder(bytes.NewReader(in.Bytes())).Decode(&r); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		run := map[string]func(request) (answer, error){"image": image, "cache": cached, "validate": validate, "convert": convert, "sent": sent}[r.Op]
		a, err := run(r)
		if err != nil {
			a.Error = err.Error()
		}
		if err := out.Encode(a); err != nil {
			os.Exit(2)
		}
	}
}

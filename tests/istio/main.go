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

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/util/sets"
	"istio.io/istio/pkg/wasm"
)

type request struct {
	// "image": fetch Ref as the agent's fetcher does. "cache": fetch URL through the agent's cache. "validate": check YAML.
	Op         string `json:"op"`
	Ref        string `json:"ref"`
	URL        string `json:"url"`
	Checksum   string `json:"checksum"`
	PullSecret string `json:"pullSecret"`
	Insecure   bool   `json:"insecure"`
	YAML       string `json:"yaml"`
}

type answer struct {
	Error    string   `json:"error,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	// Digest of the manifest, and of the module.
	Digest string   `json:"digest,omitempty"`
	Module string   `json:"module,omitempty"`
	Kinds  []string `json:"kinds,omitempty"`
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

func cached(r request) (answer, error) {
	dir, err := os.MkdirTemp("", "istio-wasm-")
	if err != nil {
		return answer{}, err
	}
	defer os.RemoveAll(dir)
	cache := wasm.NewLocalFileCache(dir, wasm.Options{
		PurgeInterval:         time.Hour,
		ModuleExpiry:          24 * time.Hour,
		InsecureRegistries:    sets.New[string](),
		HTTPRequestTimeout:    5 * time.Second,
		HTTPRequestMaxRetries: 1,
	})
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
		run := map[string]func(request) (answer, error){"image": image, "cache": cached, "validate": validate}[r.Op]
		a, err := run(r)
		if err != nil {
			a.Error = err.Error()
		}
		if err := out.Encode(a); err != nil {
			os.Exit(2)
		}
	}
}

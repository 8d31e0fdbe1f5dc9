// Adds 20 request headers, reads each and removes each.
package main

import (
	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm"
	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm/types"
)

func main() {}

func init() {
	proxywasm.SetPluginContext(func(uint32) types.PluginContext { return &plugin{} })
}

var names = [...]string{
	"x-bench-00", "x-bench-01", "x-bench-02", "x-bench-03", "x-bench-04", "x-bench-05", "x-bench-06",
	"x-bench-07", "x-bench-08", "x-bench-09", "x-bench-10", "x-bench-11", "x-bench-12", "x-bench-13",
	"x-bench-14", "x-bench-15", "x-bench-16", "x-bench-17", "x-bench-18", "x-bench-19",
}

type plugin struct{ types.DefaultPluginContext }

func (*plugin) NewHttpContext(uint32) types.HttpContext { return &stream{} }

type stream struct{ types.DefaultHttpContext }

func (*stream) OnHttpRequestHeaders(int, bool) types.Action {
	length := 0
	for _, name := range names {
		_ = proxywasm.AddHttpRequestHeader(name, "a value of 22 bytes...")
	}
	for _, name := range names {
		if value, err := proxywasm.GetHttpRequestHeader(name); err == nil {
			length += len(value)
		}
	}
	for _, name := range names {
		_ = proxywasm.RemoveHttpRequestHeader(name)
	}
	if length == 440 {
		return types.ActionContinue
	}
	_ = proxywasm.SendHttpResponse(500, nil, nil, -1)
	return types.ActionPause
}

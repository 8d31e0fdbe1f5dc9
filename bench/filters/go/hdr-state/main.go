// hdr with a field per stream and a configured value.
package main

import (
	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm"
	"github.com/proxy-wasm/proxy-wasm-go-sdk/proxywasm/types"
)

func main() {}

func init() {
	proxywasm.SetPluginContext(func(uint32) types.PluginContext { return &plugin{} })
}

type plugin struct {
	types.DefaultPluginContext
	value string
}

func (p *plugin) OnPluginStart(int) types.OnPluginStartStatus {
	configuration, err := proxywasm.GetPluginConfiguration()
	if err != nil {
		return types.OnPluginStartStatusFailed
	}
	p.value = string(configuration)
	return types.OnPluginStartStatusOK
}

func (p *plugin) NewHttpContext(uint32) types.HttpContext { return &stream{value: p.value} }

type stream struct {
	types.DefaultHttpContext
	value    string
	isMarked bool
}

func (s *stream) OnHttpRequestHeaders(int, bool) types.Action {
	if path, err := proxywasm.GetHttpRequestHeader(":path"); err == nil && path == "/denied" {
		_ = proxywasm.SendHttpResponse(403, nil, nil, -1)
		return types.ActionPause
	}
	s.isMarked = true
	return types.ActionContinue
}

func (s *stream) OnHttpResponseHeaders(int, bool) types.Action {
	if s.isMarked {
		_ = proxywasm.AddHttpResponseHeader("x-wasm", s.value)
	}
	return types.ActionContinue
}

// Runs modules in the Java host: NAME, a tab, FILE, a tab and the configuration on each line of standard input; NAME, a tab and what came
// of it on each line of standard output.
import com.dylibso.chicory.wasm.Parser;
import io.roastedroot.proxywasm.LogLevel;
import io.roastedroot.proxywasm.StartException;
import io.roastedroot.proxywasm.internal.ArrayProxyMap;
import io.roastedroot.proxywasm.internal.Handler;
import io.roastedroot.proxywasm.internal.HttpContext;
import io.roastedroot.proxywasm.internal.ProxyMap;
import io.roastedroot.proxywasm.internal.ProxyWasm;
import io.roastedroot.proxywasm.internal.WasmResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Scanner;

public class Examples {
  static final class Host implements Handler {
    final String configuration;
    final ProxyMap request = new ArrayProxyMap();
    final ProxyMap response = new ArrayProxyMap();

    Host(String configuration) {
      this.configuration = configuration;
      for (String[] each : new String[][] {{":method", "GET"}, {":path", "/"}, {":authority", "example.test"}, {":scheme", "http"}})
        request.add(each[0], each[1]);
      response.add(":status", "200");
      response.add("content-type", "text/html");
    }

    @Override public byte[] getPluginConfig() { return configuration.getBytes(StandardCharsets.UTF_8); }
    @Override public byte[] getVmConfig() { return new byte[0]; }
    @Override public void log(LogLevel level, String message) {}
    @Override public WasmResult setTickPeriodMilliseconds(int period) { return WasmResult.OK; }
    @Override public ProxyMap getHttpRequestHeaders() { return request; }
    @Override public ProxyMap getHttpResponseHeaders() { return response; }
    @Override public WasmResult sendHttpResponse(int code, byte[] details, byte[] body, ProxyMap headers, int grpc) { return WasmResult.OK; }
  }

  static String run(Path file, String configuration) {
    ProxyWasm plugin;
    Host host = new Host(configuration);
    try {
      plugin = ProxyWasm.builder().withPluginHandler(host).build(Parser.parse(file));
    } catch (StartException e) {
      return "refuses its configuration";
    } catch (Throwable e) {
      return "not loaded: " + text(e);
    }
    try {
      HttpContext stream = plugin.createHttpContext(host);
      if (stream.hasOnRequestHeaders()) stream.callOnRequestHeaders(true);
      if (stream.hasOnResponseHeaders()) stream.callOnResponseHeaders(true);
      stream.close();
      return "runs";
    } catch (Throwable e) {
      return "fails: " + text(e);
    }
  }

  static String text(Throwable e) {
    return (e.getClass().getSimpleName() + ": " + e.getMessage()).replaceAll("\\s+", " ");
  }

  public static void main(String[] arguments) {
    Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
    while (lines.hasNextLine()) {
      String[] parts = lines.nextLine().split("\t", -1);
      System.out.println(parts[0] + "\t" + run(Path.of(parts[1]), parts[2]));
      System.out.flush();
    }
  }
}

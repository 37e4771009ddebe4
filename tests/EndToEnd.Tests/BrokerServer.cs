using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>A test's own RabbitMQ, started like <c>./run</c> does, which the test can stop and start again with the same data.</summary>
public sealed class BrokerServer : IAsyncDisposable
{
    // It ends when its input closes, so it never outlives the test process.
    private const string EndWithInput = """ "$0" "$@" & server=$!; cat > /dev/null; kill -TERM $server; wait $server """;

    private readonly string _data = Repository.PathOf("artifacts", "test-servers", $"broker-{Guid.NewGuid():N}");
    private readonly int _port = Ports.Free();
    private readonly int _managementPort = Ports.Free();
    private Process? _process;

    public Uri Address => new($"amqp://platform:secret@127.0.0.1:{_port}/");

    /// <summary>Starts the broker and waits until it accepts connections.</summary>
    public async Task Start(CancellationToken ct)
    {
        var start = new ProcessStartInfo("bash")
        {
            ArgumentList =
            {
                "-c", EndWithInput, Repository.PathOf("infra", "local", "rabbitmq"),
                "--data", _data, "--port", Text(_port), "--management-port", Text(_managementPort),
            },
            Environment = { ["RABBITMQ_USER"] = "platform", ["RABBITMQ_PASSWORD"] = "secret" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        await Eventually.IsTrue(AcceptsConnections, ct, TimeSpan.FromSeconds(60));
    }

    /// <summary>Shuts the broker down cleanly and waits for its end.</summary>
    public async Task Stop(CancellationToken ct)
    {
        _process!.StandardInput.Close();
        await _process.WaitForExitAsync(ct);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await Stop(CancellationToken.None);
        }

        Directory.Delete(_data, recursive: true);
    }

    private async Task<bool> AcceptsConnections()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _port);
        return true;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Platform.Testing;

/// <summary>A proxy to a database or broker, with which a test can cut the connection, let it hang or lose a chosen reply.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly IPEndPoint _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly Task _accepting;
    private volatile bool _cut;
    private volatile TaskCompletionSource? _hanging;
    private LostReply? _lostReply;
    private volatile Func<TimeSpan>? _lifetimes;
    private int _resets;

    private TcpProxy(IPEndPoint target)
    {
        _target = target;
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => _connections.Count;

    public static TcpProxy To(int port) => new(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>A proxy for a database. <see cref="Rewrite(string)"/> returns the connection string through it.</summary>
    public static TcpProxy ToPostgres(string connectionString) => To(new NpgsqlConnectionStringBuilder(connectionString).Port);

    /// <summary>A proxy for a broker. <see cref="Rewrite(Uri)"/> returns the address through it.</summary>
    public static TcpProxy To(Uri broker) => To(broker.Port);

    public string Rewrite(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = Port }.ConnectionString;

    public Uri Rewrite(Uri address) => new UriBuilder(address) { Host = "127.0.0.1", Port = Port }.Uri;

    /// <summary>Resets all connections and refuses new ones until <see cref="Restore"/>.</summary>
    public void Cut()
    {
        _cut = true;
        CutConnections();
    }

    /// <summary>Resets the open connections. New ones work.</summary>
    public void CutConnections()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    public int Resets => Volatile.Read(ref _resets);

    /// <summary>Resets the open connections now, and each new one after its lifetime, until <see cref="Restore"/>.</summary>
    /// <param name="lifetimes">Called for each new connection, sequentially.</param>
    public void ResetNewConnectionsAfter(Func<TimeSpan> lifetimes)
    {
        _lifetimes = lifetimes;
        CutConnections();
    }

    /// <summary>Keeps connections open but forwards nothing until <see cref="Restore"/>, like a network that drops packets.</summary>
    public void Hang() => _hanging ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Restore()
    {
        _cut = false;
        _lifetimes = null;
        Interlocked.Exchange(ref _hanging, null)?.SetResult();
    }

    /// <summary>Forwards the next request that contains <paramref name="pattern"/>, then resets the connection instead of passing on the reply.</summary>
    /// <returns>Completes when the reply was dropped.</returns>
    public Task LoseReplyTo(string pattern)
    {
        var lost = new LostReply(Encoding.ASCII.GetBytes(pattern));
        _lostReply = lost;
        return lost.Happened.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        Restore();
        CutConnections();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _end.Dispose();
    }

    private async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            client.NoDelay = true;
            var connection = new Connection(client, new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            if (_cut)
            {
                connection.Reset();
                continue;
            }

            if (_lifetimes is { } lifetimes)
            {
                _ = ResetLater(connection, lifetimes);
            }

            var passing = Task.CompletedTask;
            _connections[connection] = passing;
            passing = Pass(connection);
            _connections.TryUpdate(connection, passing, Task.CompletedTask);
        }
    }

    private async Task ResetLater(Connection connection, Func<TimeSpan> lifetimes)
    {
        using var life = new PeriodicTimer(lifetimes());
        await life.WaitForNextTickAsync();
        // Not after Restore.
        if (_lifetimes == lifetimes)
        {
            connection.Reset();
            Interlocked.Increment(ref _resets);
        }
    }

    private async Task Pass(Connection connection)
    {
        await Task.Yield();
        try
        {
            await connection.Server.ConnectAsync(_target, _end.Token);
            var requests = PassRequests(connection);
            var replies = PassReplies(connection);
            await Task.WhenAny(requests, replies);
            connection.Reset();
            await Task.WhenAll(requests, replies);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            connection.Reset();
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task PassRequests(Connection connection)
    {
        var buffer = new byte[64 * 1024];
        // The end of the previous read, since a pattern may span two reads.
        byte[] before = [];
        while (await Read(connection.Client, buffer) is > 0 and var count)
        {
            if (_lostReply is { } lost)
            {
                byte[] seen = [.. before, .. buffer.AsSpan(0, count)];
                if (seen.AsSpan().IndexOf(lost.Pattern) >= 0 && Interlocked.CompareExchange(ref _lostReply, null, lost) == lost)
                {
                    connection.Lost = lost;
                }

                before = seen[Math.Max(0, seen.Length - lost.Pattern.Length + 1)..];
            }

            await Write(connection.Server, buffer.AsMemory(0, count));
        }
    }

    private async Task PassReplies(Connection connection)
    {
        var buffer = new byte[64 * 1024];
        while (await Read(connection.Server, buffer) is > 0 and var count)
        {
            if (connection.Lost is { } lost)
            {
                connection.Reset();
                lost.Happened.TrySetResult();
                return;
            }

            await Write(connection.Client, buffer.AsMemory(0, count));
        }
    }

    private async Task<int> Read(Socket from, byte[] buffer)
    {
        try
        {
            var count = await from.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, _end.Token);
            await NotHanging();
            return count;
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private async Task Write(Socket to, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await to.SendAsync(bytes, SocketFlags.None, _end.Token)..];
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other direction's read ends too.
        }
    }

    private async Task NotHanging()
    {
        if (_hanging is { } hanging)
        {
            await hanging.Task.WaitAsync(_end.Token);
        }
    }

    private sealed record LostReply(byte[] Pattern)
    {
        public TaskCompletionSource Happened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Connection(Socket client, Socket server)
    {
        public Socket Client => client;

        public Socket Server => server;

        /// <summary>Set when the next reply is the one to lose.</summary>
        public LostReply? Lost { get; set; }

        public void Reset()
        {
            foreach (var socket in (ReadOnlySpan<Socket>)[client, server])
            {
                try
                {
                    // Sends a reset instead of closing gracefully.
                    socket.LingerState = new LingerOption(true, 0);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    // Closed already.
                }

                socket.Dispose();
            }
        }
    }
}

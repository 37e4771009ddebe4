using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Platform.Sandbox.Mail;

/// <summary>Takes mail on a port of its own, from this machine alone.</summary>
internal sealed partial class SmtpReceiver(IOptions<SandboxOptions> options, Mailbox mailbox, ILogger<SmtpReceiver> log) : BackgroundService
{
    private const int AtOnce = 50;

    /// <summary>Longest that one connection may last.</summary>
    private static readonly TimeSpan SessionLength = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _places = new(AtOnce);
    private TcpListener? _listener;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.MailPort > 0)
        {
            // Here and not in the background: a port that is taken ends the program with a message.
            _listener = new TcpListener(IPAddress.Loopback, options.Value.MailPort);
            _listener.Start();
        }

        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _listener?.Dispose();
        _places.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_listener is null)
        {
            return;
        }

        var sessions = new HashSet<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            // When all places are taken, further connections wait in the system's own queue.
            await _places.WaitAsync(stoppingToken);
            sessions.Add(Serve(await _listener.AcceptTcpClientAsync(stoppingToken), stoppingToken));
            sessions.RemoveWhere(session => session.IsCompleted);
        }
    }

    private async Task Serve(TcpClient client, CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(SessionLength);
        try
        {
            using (client)
            {
                await new SmtpSession(client.GetStream(), mailbox).Run(patience.Token);
            }
        }
        // The client has gone, took too long, or speaks another protocol.
        catch (Exception end) when (end is IOException or OperationCanceledException or InvalidDataException)
        {
            LogBrokenOff(end);
        }
        finally
        {
            _places.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A mail connection broke off.")]
    private partial void LogBrokenOff(Exception end);
}

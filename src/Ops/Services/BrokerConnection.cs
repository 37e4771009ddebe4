using RabbitMQ.Client;

namespace Platform.Ops.Services;

internal static class BrokerConnection
{
    /// <summary>A busy broker answers late; a command waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="name">Shown in the broker's list of connections.</param>
    public static Task<IConnection> Open(Uri broker, string name, CancellationToken ct) => new ConnectionFactory
    {
        Uri = broker,
        ClientProvidedName = name,
        AutomaticRecoveryEnabled = false,
        RequestedConnectionTimeout = Patience,
        HandshakeContinuationTimeout = Patience,
        ContinuationTimeout = Patience,
    }.CreateConnectionAsync(ct);
}

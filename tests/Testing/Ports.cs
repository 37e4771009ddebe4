using System.Net;
using System.Net.Sockets;

namespace Platform.Testing;

public static class Ports
{
    private static readonly HashSet<int> Given = [];

    /// <summary>A free port on loopback, below the range of outgoing connections, one of which could take it before the server starts.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            lock (Given)
            {
                if (!Given.Add(port))
                {
                    continue;
                }
            }

            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}

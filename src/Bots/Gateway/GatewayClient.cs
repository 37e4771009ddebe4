namespace Platform.Bots.Gateway;

internal static class GatewayClient
{
    /// <summary>Where the gateway listens: <c>services:gateway:http:0</c>, as the app host sets it.</summary>
    public static void AddGatewayClient(this WebApplicationBuilder builder)
    {
        var address = builder.Configuration["services:gateway:http:0"];
        builder.Services.AddSingleton(provider =>
        {
            // Not from HttpClientFactory, whose loggers write the paths: a payment code may be in one.
            var client = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = TimeSpan.FromSeconds(3) })
            {
                BaseAddress = new Uri(address ?? throw new InvalidOperationException("services:gateway:http:0 is missing: where the gateway listens.")),
                // Each call has a time-out of its own.
                Timeout = Timeout.InfiniteTimeSpan,
            };
            return ActivatorUtilities.CreateInstance<GatewayHttp>(provider, client);
        });
    }
}

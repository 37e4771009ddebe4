namespace Platform.Testing;

/// <summary>What a service is configured with in a test, as the app host would do it.</summary>
internal static class ServiceSettings
{
    public static IReadOnlyDictionary<string, string> Of(string service, TestDatabase database, Uri broker) => new Dictionary<string, string>
    {
        ["ConnectionStrings:database"] = database.Service(service),
        ["ConnectionStrings:rabbitmq"] = broker.ToString(),
    };
}

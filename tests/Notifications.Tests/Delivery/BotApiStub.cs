namespace Platform.Notifications.Tests.Delivery;

/// <summary>Stands in for the Bot API with answers that the sandbox cannot give, such as a proxy's error page.</summary>
internal sealed class BotApiStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private Func<IResult> _answer = Sent;
    private int _messages;

    private BotApiStub(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public int Messages => Volatile.Read(ref _messages);

    public static async Task<BotApiStub> Start(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new BotApiStub(app);
        app.MapPost("/bot{token}/sendMessage", () =>
        {
            Interlocked.Increment(ref stub._messages);
            return stub._answer();
        });
        await app.StartAsync(ct);
        return stub;
    }

    public static IResult Sent() => Results.Text(
        """{"ok": true, "result": {"message_id": 1, "date": 1772443800, "chat": {"id": 1, "type": "private"}, "text": "sent"}}""", "application/json");

    /// <summary>An error of the Bot API itself.</summary>
    public static IResult Refused(int status, string description) => Results.Text(
        $$"""{"ok": false, "error_code": {{status}}, "description": "{{description}}"}""", "application/json", statusCode: status);

    /// <summary>An error of a proxy in front of it.</summary>
    public static IResult ErrorPage(int status) => Results.Text("<html>no luck</html>", "text/html", statusCode: status);

    /// <param name="answers">Used one after another; the last one repeats.</param>
    public void Answers(params IReadOnlyList<Func<IResult>> answers)
    {
        var next = 0;
        _answer = () => answers[Math.Min(Interlocked.Increment(ref next), answers.Count) - 1]();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

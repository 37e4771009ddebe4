namespace Platform.Sandbox.Tests.Pages;

public sealed class PagesTests
{
    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/control", "text/html; charset=utf-8")]
    [InlineData("/chat.css", "text/css; charset=utf-8")]
    [InlineData("/chat.js", "text/javascript; charset=utf-8")]
    [InlineData("/icon.svg", "image/svg+xml")]
    public async Task Pages_have_nothing_inline_and_nothing_from_other_sites(string path, string contentType)
    {
        await using var sandbox = await SandboxUnderTest.Start();

        var page = await sandbox.Get(path);

        page.Status.ShouldBe(200);
        page.ContentType.ShouldBe(contentType);
        page.Headers["Content-Security-Policy"].ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self';");
        page.Headers["Content-Security-Policy"].ShouldNotContain("unsafe");
        page.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        page.Body.ShouldNotContain("<style");
        page.Body.ShouldNotContain(" style=");
        page.Body.ShouldNotContain("onclick=\"");
    }

    [Fact]
    public async Task A_cached_file_is_not_sent_again()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var first = await sandbox.Get("/chat.js");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/chat.js");
        again.Headers.TryAddWithoutValidation("If-None-Match", first.Headers["ETag"]);

        using var answer = await sandbox.Client.SendAsync(again, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(304);
    }
}

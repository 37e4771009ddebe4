using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Platform.AppHost;

/// <summary>The configured mail server, or else the emulated Telegram's sandbox, which shows every mail at <c>/control</c> and delivers none.</summary>
internal sealed class MailServer
{
    private readonly string? _url;
    private readonly string? _from;
    private readonly int _port;

    private MailServer(string? url, string? from, int port) => (_url, _from, _port) = (url, from, port);

    /// <param name="mayEmulate">False where the sandbox does not run: without a mail server there is no sign-in by e-mail.</param>
    public static MailServer From(IConfiguration settings, Ports ports, bool mayEmulate)
    {
        var (url, from) = (settings["SMTP_URL"], settings["MAIL_FROM"]);
        return string.IsNullOrEmpty(url) && mayEmulate
            ? new MailServer($"smtp://127.0.0.1:{ports.SandboxMail}?tls=off",
                string.IsNullOrEmpty(from) ? "Coffee <hello@coffee.example>" : from, ports.SandboxMail)
            : new MailServer(url, from, port: 0);
    }

    public IResourceBuilder<ProjectResource> GiveTo(IResourceBuilder<ProjectResource> service, Secrets secrets)
    {
        service.WithEnvironment("MAIL_FROM", _from);
        return string.IsNullOrEmpty(_url) ? service : service.WithEnvironment("SMTP_URL", secrets.Given("SMTP_URL", _url));
    }

    public void DescribeTo(IResourceBuilder<ProjectResource> sandbox) =>
        sandbox.WithEnvironment("Sandbox__MailPort", _port.ToString(CultureInfo.InvariantCulture));
}

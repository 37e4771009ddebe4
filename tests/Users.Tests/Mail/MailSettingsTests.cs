using System.ComponentModel.DataAnnotations;
using MailKit.Security;
using Platform.Users.Mail;

namespace Platform.Users.Tests.Mail;

public sealed class MailSettingsTests
{
    [Theory]
    [InlineData("smtp://mail.example.com", "mail.example.com", 587, SecureSocketOptions.StartTls, null, null)]
    [InlineData("smtp://mail.example.com:25?tls=off", "mail.example.com", 25, SecureSocketOptions.None, null, null)]
    [InlineData("smtp://anna:p%40ss%3Aword@mail.example.com:2525/?tls=on", "mail.example.com", 2525, SecureSocketOptions.StartTls, "anna", "p@ss:word")]
    [InlineData("smtp://anna%40example.com:secret@127.0.0.1", "127.0.0.1", 587, SecureSocketOptions.StartTls, "anna@example.com", "secret")]
    [InlineData("smtp://mail.example.com:465", "mail.example.com", 465, SecureSocketOptions.SslOnConnect, null, null)]
    [InlineData("smtps://anna:secret@mail.example.com", "mail.example.com", 465, SecureSocketOptions.SslOnConnect, "anna", "secret")]
    [InlineData("smtps://mail.example.com:2465", "mail.example.com", 2465, SecureSocketOptions.SslOnConnect, null, null)]
    public void SMTP_URL_gives_host_port_TLS_and_login(string url, string host, int port, SecureSocketOptions tls, string? user, string? password)
    {
        var server = SmtpServer.Parse(url).ShouldNotBeNull();

        (server.Host, server.Port, server.Tls, server.Login?.UserName, server.Login?.Password).ShouldBe((host, port, tls, user, password));
        server.ToString().ShouldNotContain(password ?? "?");
    }

    [Theory]
    [InlineData("mail.example.com")]
    [InlineData("http://mail.example.com")]
    [InlineData("smtp://")]
    [InlineData("smtp://anna@mail.example.com")]
    [InlineData("smtp://mail.example.com/inbox")]
    [InlineData("smtp://mail.example.com?tls=maybe")]
    [InlineData("smtps://mail.example.com?tls=off")]
    [InlineData("smtp://mail.example.com?tls=off&more=1")]
    public void An_invalid_SMTP_URL_is_reported_without_repeating_it(string url) =>
        Complaints(url, "hello@example.com").ShouldHaveSingleItem().ShouldStartWith("SMTP_URL is not");

    [Theory]
    [InlineData("")]
    [InlineData("Coffee")]
    [InlineData("Coffee <hello>, <other>")]
    [InlineData("Coffee <hello@example.com>, <other@example.com>")]
    [InlineData("Coffee <hello@example.com>\r\nBcc: other@example.com")]
    public void An_invalid_MAIL_FROM_is_reported(string from) =>
        Complaints("smtp://mail.example.com", from).ShouldHaveSingleItem().ShouldStartWith("MAIL_FROM is not");

    [Theory]
    [InlineData("", "")]
    [InlineData("", "not checked without a server")]
    [InlineData("smtp://mail.example.com", "hello@example.com")]
    [InlineData("smtp://mail.example.com", "Кофе <hello@example.com>")]
    public void Valid_and_missing_mail_settings_are_accepted(string url, string from) => Complaints(url, from).ShouldBeEmpty();

    [Theory]
    [InlineData("smtp://mail.example.com?tls=off", false)]
    [InlineData("smtp://127.0.0.1:8091?tls=off", true)]
    [InlineData("smtp://localhost?tls=off", true)]
    [InlineData("smtp://mail.example.com", true)]
    [InlineData("", true)]
    public void Production_refuses_an_unencrypted_mail_server_on_another_machine(string url, bool starts)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("SMTP_URL", url)]).Build();

        (SmtpServer.CheckForProduction(settings) is null).ShouldBe(starts);
    }

    private static List<string?> Complaints(string url, string from)
    {
        var (settings, found) = (new MailSettings { Url = url, From = from }, new List<ValidationResult>());
        Validator.TryValidateObject(settings, new ValidationContext(settings), found, validateAllProperties: true);
        return [.. found.Select(result => result.ErrorMessage)];
    }
}

namespace Platform.Sandbox.Mail;

/// <summary>Stands in for a mail server: accepts every mail, delivers none and shows all.</summary>
internal static class MailModule
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Mailbox>();
        builder.Services.AddHostedService<SmtpReceiver>();
    }

    public static void MapMail(this IEndpointRouteBuilder app)
    {
        var mail = app.MapGroup("/control/mail");
        mail.MapGet("/", ListMail.Handle);
        mail.MapGet("/fault", ControlMailFault.Read);
        mail.MapPut("/fault", ControlMailFault.Set);
        mail.MapDelete("/fault", ControlMailFault.Clear);
    }
}

using System.Net.Http.Headers;

namespace Platform.ServiceDefaults.Web.ServiceTickets;

/// <summary>Adds a ticket to every call to another service.</summary>
/// <param name="service">The called service: <c>billing</c>.</param>
public sealed class ServiceTicketHandler(ServiceTicketIssuer tickets, string service) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tickets.IssueFor(service));
        return base.SendAsync(request, cancellationToken);
    }
}

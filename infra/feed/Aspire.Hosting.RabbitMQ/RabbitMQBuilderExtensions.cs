namespace Aspire.Hosting
{
    public static class RabbitMQBuilderExtensions
    {
        public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
            this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null,
            IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
            throw new DistributedApplicationException(
                $"'{name}' would be a container, which the stand-in for Aspire.Hosting.RabbitMQ does not start. Set SERVERS=local.");

        public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
            this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) =>
            throw new NotSupportedException();

        public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(
            this IResourceBuilder<RabbitMQServerResource> builder, int? port) =>
            throw new NotSupportedException();
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    public class RabbitMQServerResource : ContainerResource
    {
        internal RabbitMQServerResource(string name)
            : base(name)
        {
        }
    }
}

using Grpc.Core;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Tests.Access;

public sealed class CloudCallsLaws
{
    [Fact]
    public void The_catalogue_has_the_service_name() =>
        Assert.Equal(CloudCalls.Service, Cloud.Descriptor.FullName);

    [Fact]
    public void Every_method_except_Session_is_a_call_with_its_messages() =>
        Assert.Equal(
            Cloud
                .Descriptor.Methods.Where(method => method.Name != "Session")
                .Select(method =>
                    (
                        method.Name,
                        TypeOf(method.IsClientStreaming, method.IsServerStreaming),
                        method.InputType.ClrType,
                        method.OutputType.ClrType
                    )
                )
                .OrderBy(method => method.Name, StringComparer.Ordinal),
            CloudCalls
                .All.Select(call =>
                    (
                        call.Name,
                        call.Type,
                        call.GetType().GenericTypeArguments[0],
                        call.GetType().GenericTypeArguments[1]
                    )
                )
                .OrderBy(call => call.Name, StringComparer.Ordinal)
        );

    [Fact]
    public void Every_call_is_found_by_its_name()
    {
        Assert.All(CloudCalls.All, call => Assert.Same(call, CloudCalls.Find(call.Name)));
        Assert.Null(CloudCalls.Find("Session"));
    }

    [Fact]
    public void Every_call_has_a_role_and_a_description() =>
        Assert.All(
            CloudCalls.All,
            call =>
            {
                Assert.NotEqual(Role.Unspecified, call.MinimumRole);
                Assert.NotEqual("", call.Action);
            }
        );

    private static MethodType TypeOf(bool client, bool server) =>
        (client, server) switch
        {
            (false, false) => MethodType.Unary,
            (false, true) => MethodType.ServerStreaming,
            (true, false) => MethodType.ClientStreaming,
            _ => MethodType.DuplexStreaming,
        };
}

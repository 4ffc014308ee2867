using System.Buffers.Binary;
using System.Runtime.InteropServices;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Protocol.Tests.Sandboxes;

/// <summary>Runs the filters as the kernel would.</summary>
public sealed class SeccompFilterTests
{
    private const uint X64 = 0xc000003e,
        Arm64 = 0xc00000b7,
        I386 = 0x40000003;
    private const uint Allowed = 0x7fff0000;

    public static TheoryData<Architecture> Architectures => [Architecture.X64, Architecture.Arm64];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Each_call_of_the_list_is_denied_and_all_others_are_allowed(Architecture on)
    {
        var denied = DeniedCalls
            .All.Where(call => call.On(on) is not null)
            .ToDictionary(call => (uint)call.On(on)!.Value, call => call.Error);

        for (var number = 0u; number < 600; number++)
            Assert.Equal(
                denied.TryGetValue(number, out var error) ? Errno(error) : Allowed,
                Verdict(on, AuditOf(on), number)
            );
    }

    [Theory]
    [InlineData(Architecture.X64, X64, 56u, 0x10000000ul, false)] // clone(CLONE_NEWUSER)
    [InlineData(Architecture.X64, X64, 56u, 0x00020011ul, false)] // clone(CLONE_NEWNS)
    [InlineData(Architecture.X64, X64, 56u, 0x003d0f00ul, true)] // a thread
    [InlineData(Architecture.X64, X64, 16u, 0x5412ul, false)] // ioctl(TIOCSTI)
    [InlineData(Architecture.X64, X64, 16u, 0xffffffff00005412ul, false)]
    [InlineData(Architecture.X64, X64, 16u, 0x541cul, false)] // ioctl(TIOCLINUX)
    [InlineData(Architecture.X64, X64, 16u, 0x5413ul, true)] // ioctl(TIOCGWINSZ)
    [InlineData(Architecture.X64, X64, 41u, 40ul, false)] // socket(AF_VSOCK)
    [InlineData(Architecture.X64, X64, 41u, 2ul, true)]
    [InlineData(Architecture.Arm64, Arm64, 220u, 0x10000000ul, false)]
    [InlineData(Architecture.Arm64, Arm64, 220u, 0x003d0f00ul, true)]
    [InlineData(Architecture.Arm64, Arm64, 29u, 0x5412ul, false)]
    [InlineData(Architecture.Arm64, Arm64, 198u, 40ul, false)]
    public void Some_calls_are_denied_by_their_arguments(
        Architecture on,
        uint audit,
        uint number,
        ulong argument,
        bool isAllowed
    ) =>
        Assert.Equal(
            isAllowed ? Allowed : Errno(1),
            Verdict(on, audit, number, argument, argument)
        );

    [Theory]
    [InlineData(Architecture.X64, I386, 1u)]
    [InlineData(Architecture.X64, Arm64, 1u)]
    [InlineData(Architecture.X64, X64, 0x40000001u)]
    [InlineData(Architecture.Arm64, X64, 1u)]
    public void Calls_by_other_interfaces_do_not_exist(Architecture on, uint audit, uint number) =>
        Assert.Equal(Errno(38), Verdict(on, audit, number));

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_program_that_enters_a_sandbox_may_do_that_and_nothing_else_more(Architecture on)
    {
        var enter = (uint)DeniedCalls.All.Single(call => call.Name == "setns").On(on)!.Value;

        for (var number = 0u; number < 600; number++)
            Assert.Equal(
                number == enter ? Allowed : Verdict(on, AuditOf(on), number),
                Verdict(on, AuditOf(on), number, enters: true)
            );
    }

    [Fact]
    public void There_is_no_filter_for_an_unknown_architecture() =>
        Assert.Null(SeccompFilter.For(Architecture.S390x));

    private static uint AuditOf(Architecture on) => on == Architecture.X64 ? X64 : Arm64;

    private static uint Errno(int error) => 0x00050000u | (uint)error;

    private static uint Verdict(
        Architecture on,
        uint audit,
        uint number,
        ulong first = 0,
        ulong second = 0,
        bool enters = false
    )
    {
        var data = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), audit);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16), first);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(24), second);
        return Run(SeccompFilter.For(on, enters)!, data);
    }

    private static uint Run(byte[] program, byte[] data)
    {
        var loaded = 0u;
        for (var at = 0; ; at += 8)
        {
            var code = BinaryPrimitives.ReadUInt16LittleEndian(program.AsSpan(at));
            var value = BinaryPrimitives.ReadUInt32LittleEndian(program.AsSpan(at + 4));
            bool? holds = code switch
            {
                0x15 => loaded == value,
                0x35 => loaded >= value,
                0x45 => (loaded & value) != 0,
                _ => null,
            };
            if (holds is { } yes)
                at += 8 * program[at + (yes ? 2 : 3)];
            else if (code == 0x20)
                loaded = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)value));
            else
                return value;
        }
    }
}

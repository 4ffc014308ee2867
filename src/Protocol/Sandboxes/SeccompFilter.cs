using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>Assembles the filter of system calls of a sandbox: a program of the classic Berkeley
/// packet filter over <c>struct seccomp_data</c> (seccomp(2)), as <c>bwrap --seccomp</c> reads
/// it.</summary>
public static class SeccompFilter
{
    /// <summary>The size of <c>struct sock_filter</c>.</summary>
    public const int InstructionBytes = 8;

    private const ushort LoadWord = 0x20, // BPF_LD | BPF_W | BPF_ABS
        IfEqual = 0x15, // BPF_JMP | BPF_JEQ | BPF_K
        IfAtLeast = 0x35, // BPF_JMP | BPF_JGE | BPF_K
        IfAnyBit = 0x45, // BPF_JMP | BPF_JSET | BPF_K
        Return = 0x06; // BPF_RET | BPF_K
    private const uint Allow = 0x7fff0000,
        Errno = 0x00050000;

    /// <summary>Offsets in <c>struct seccomp_data</c>; of an argument, that of its low half on
    /// machines of this byte order.</summary>
    private const uint NumberAt = 0,
        ArchitectureAt = 4,
        FirstArgumentAt = 16,
        SecondArgumentAt = 24;

    /// <summary>Calls of the x32 interface have this bit, and other numbers.</summary>
    private const uint X32Bit = 0x40000000;

    /// <summary>CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET.</summary>
    private const uint NewNamespaces = 0x7e020000;

    /// <summary>TIOCSTI and TIOCLINUX type into a terminal, which may be another's.</summary>
    private const uint TypeInto = 0x5412,
        TypeIntoConsole = 0x541c;

    /// <summary>AF_VSOCK, which network namespaces do not separate.</summary>
    private const uint MachineSockets = 40;
    private const int Refused = 1;

    /// <summary>What else differs between the architectures.</summary>
    /// <param name="Audit">AUDIT_ARCH_*.</param>
    /// <param name="NewProcess">clone(2).</param>
    private sealed record Machine(uint Audit, int NewProcess, int Ioctl, int Socket);

    private readonly record struct Instruction(ushort Code, byte Then, byte Else, uint Value);

    /// <summary>The filter; null: none is known for this architecture.</summary>
    /// <param name="enters">Whether it is for a program that enters a running sandbox: it has the
    /// filter before it is inside.</param>
    public static byte[]? For(Architecture architecture, bool enters = false)
    {
        Machine? machine = architecture switch
        {
            Architecture.X64 => new(0xc000003e, NewProcess: 56, Ioctl: 16, Socket: 41),
            Architecture.Arm64 => new(0xc00000b7, NewProcess: 220, Ioctl: 29, Socket: 198),
            _ => null,
        };
        return machine is null ? null : Bytes([.. Instructions(machine, architecture, enters)]);
    }

    private static IEnumerable<Instruction> Instructions(
        Machine machine,
        Architecture architecture,
        bool enters
    )
    {
        // A call by the interface of another architecture has other numbers.
        yield return Load(ArchitectureAt);
        yield return new(IfEqual, 1, 0, machine.Audit);
        yield return Fail(DeniedCalls.Unknown);
        yield return Load(NumberAt);
        yield return new(IfAtLeast, 0, 1, X32Bit);
        yield return Fail(DeniedCalls.Unknown);
        foreach (var call in DeniedCalls.All)
        {
            if (call.On(architecture) is not { } number || enters && call.Name == DeniedCalls.Enter)
                continue;
            yield return new(IfEqual, 0, 1, (uint)number);
            yield return Fail(call.Error);
        }
        (int Call, uint ArgumentAt, ushort If, uint Value)[] byArgument =
        [
            (machine.NewProcess, FirstArgumentAt, IfAnyBit, NewNamespaces),
            (machine.Socket, FirstArgumentAt, IfEqual, MachineSockets),
            (machine.Ioctl, SecondArgumentAt, IfEqual, TypeInto),
            (machine.Ioctl, SecondArgumentAt, IfEqual, TypeIntoConsole),
        ];
        foreach (var (call, argumentAt, test, value) in byArgument)
        {
            yield return new(IfEqual, 0, 4, (uint)call);
            yield return Load(argumentAt);
            yield return new(test, 0, 1, value);
            yield return Fail(Refused);
            yield return Load(NumberAt);
        }
        yield return new(Return, 0, 0, Allow);
    }

    private static Instruction Load(uint offset) => new(LoadWord, 0, 0, offset);

    private static Instruction Fail(int error) => new(Return, 0, 0, Errno | (uint)error);

    private static byte[] Bytes(IReadOnlyList<Instruction> instructions)
    {
        var bytes = new byte[instructions.Count * InstructionBytes];
        for (var i = 0; i < instructions.Count; i++)
        {
            var at = bytes.AsSpan(i * InstructionBytes, InstructionBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(at, instructions[i].Code);
            (at[2], at[3]) = (instructions[i].Then, instructions[i].Else);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], instructions[i].Value);
        }
        return bytes;
    }
}

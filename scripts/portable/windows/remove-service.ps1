#Requires -Version 5.1
#Requires -RunAsAdministrator
<#
.SYNOPSIS
Removes Sluice from this PC. Data are kept unless -Purge is given.
.PARAMETER Purge
Deletes proxies, devices, credentials, records and backups for good.
#>
[CmdletBinding()]
param([switch] $Purge)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$program = Join-Path $env:ProgramFiles 'Sluice Gateway'
$node = Join-Path $program 'node.exe'
$data = Join-Path $env:ProgramData 'Sluice'
$task = 'Sluice'

if (Get-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue) {
    Stop-ScheduledTask -TaskName $task
    Unregister-ScheduledTask -TaskName $task -Confirm:$false
}
$running = @(Get-Process -Name node -ErrorAction SilentlyContinue | Where-Object { $_.Path -eq $node })
if ($running.Count -gt 0) {
    $running | Stop-Process -Force
    $running | Wait-Process -Timeout 15 -ErrorAction SilentlyContinue
}
Get-NetFirewallRule -Name $task -ErrorAction SilentlyContinue | Remove-NetFirewallRule

# A folder in which somebody stands cannot be removed.
Set-Location $env:SystemRoot
if (Test-Path -LiteralPath $program) { Remove-Item -LiteralPath $program -Recurse -Force }
if ($Purge -and (Test-Path -LiteralPath $data)) { Remove-Item -LiteralPath $data -Recurse -Force }

if ($Purge) { Write-Output 'Sluice and its data are gone.' }
else { Write-Output "Sluice is gone. Its data are kept in $data." }
